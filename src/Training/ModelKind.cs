using Vision.Backbones;
using Vision.Segmentation;

namespace Vision.Training;

/// <summary>What a model's name stands for.</summary>
public enum ModelKind
{
    /// <summary>It finds objects.</summary>
    Detector,

    /// <summary>It says what an image shows.</summary>
    Classifier,

    /// <summary>It classifies every pixel.</summary>
    Segmenter,
}

/// <summary>Names of the kinds.</summary>
public static class ModelKinds
{
    /// <summary>The kind of a model. A name that is unknown is taken for a detector's, whose catalog then says so.</summary>
    public static ModelKind Of(string model) =>
        BackboneRegistry.Names.Contains(model)
            ? ModelKind.Classifier : SegmenterCatalog.Names.Contains(model) ? ModelKind.Segmenter : ModelKind.Detector;

    /// <summary>In words: "detector".</summary>
    public static string Name(this ModelKind kind) => kind.ToString().ToLowerInvariant();
}
