using Vision.Backbones;
using Vision.Detection;
using Vision.Segmentation;

namespace Vision.Training;

/// <summary>The kinds of models.</summary>
public enum ModelKind
{
    /// <summary>Finds objects.</summary>
    Detector,

    /// <summary>Classifies whole images.</summary>
    Classifier,

    /// <summary>Classifies every pixel.</summary>
    Segmenter,
}

/// <summary>Names of the kinds.</summary>
public static class ModelKinds
{
    /// <summary>The kind of a model.</summary>
    /// <exception cref="UnknownNameException">No model has this name.</exception>
    public static ModelKind Of(string model) =>
        BackboneRegistry.Contains(model) ? ModelKind.Classifier
        : SegmenterCatalog.Contains(model) ? ModelKind.Segmenter
        : DetectorCatalog.Contains(model) ? ModelKind.Detector
        : throw new UnknownNameException("model", model, [.. DetectorCatalog.Names, .. SegmenterCatalog.Names, .. BackboneRegistry.Names]);

    /// <summary>In words: "detector".</summary>
    public static string Name(this ModelKind kind) => kind.ToString().ToLowerInvariant();
}
