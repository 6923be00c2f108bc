using Vision.Backbones;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>A kind of detector that can be built on any backbone; an entry of <see cref="DetectorCatalog"/>.</summary>
public sealed record DetectorArchitecture
{
    /// <summary>The part of the name before the backbone, such as "fasterrcnn_".</summary>
    public required string Prefix { get; init; }

    /// <summary>The part of the name after the backbone, such as "_fpn".</summary>
    public string Suffix { get; init; } = "";

    /// <summary>The backbone that it is usually built on; any other can replace it.</summary>
    public string DefaultBackbone { get; init; } = "resnet50";

    /// <summary>Whether the catalog lists it with a given backbone.</summary>
    public Func<string, bool> SupportsBackbone { get; init; } = _ => true;

    /// <summary>The kind of predictions.</summary>
    public DetectorTask Task { get; init; }

    /// <summary>The options that it was published with, given the number of classes including background; all can be changed.</summary>
    public Func<int, DetectorOptions> Defaults { get; init; } = classes => new() { NumClasses = classes };

    /// <summary>Completes options with what a state dict shows beyond the classes and normalization.</summary>
    public Func<DetectorOptions, IReadOnlyDictionary<string, Tensor>, DetectorOptions> ReadOptions { get; init; } = (options, _) => options;

    /// <summary>Builds a detector with randomly initialized weights from the options and a function that creates the backbone,
    /// to which the architecture passes its own backbone options.</summary>
    public required Func<DetectorOptions, Func<BackboneOptions, Backbone>, Detector> Create { get; init; }

    /// <summary>The number of classes, background included, of a state dict; null if it belongs to another architecture.</summary>
    public required Func<IReadOnlyDictionary<string, Tensor>, int?> ClassesOf { get; init; }

    /// <summary>Patterns of the keys whose shapes depend on the number of classes or keypoints.</summary>
    public required IReadOnlyList<string> ClassLayers { get; init; }

    /// <summary>The URLs of published COCO weights, by detector name.</summary>
    public IReadOnlyDictionary<string, string> CocoWeights { get; init; } = new Dictionary<string, string>();

    /// <summary>The anchors of each level of its pyramid, if images are resized by their shorter side; null otherwise.</summary>
    public IReadOnlyList<AnchorLevel>? AnchorLevels { get; init; }

    /// <summary>Whether it is trained with AdamW at a small learning rate and with gradient clipping: SGD fails on transformers.</summary>
    public bool PrefersAdamW { get; init; }

    /// <summary>The detector's name with a given backbone.</summary>
    public string NameOn(string backbone) => Prefix + backbone + Suffix;

    /// <summary>The registered backbone in a detector's name; null if the name is not one of this architecture.</summary>
    internal string? BackboneIn(string name)
    {
        if (name.Length <= Prefix.Length + Suffix.Length || !name.StartsWith(Prefix, StringComparison.Ordinal)
            || !name.EndsWith(Suffix, StringComparison.Ordinal)) return null;
        string backbone = name[Prefix.Length..^Suffix.Length];
        return BackboneRegistry.Contains(backbone) && SupportsBackbone(backbone) ? backbone : null;
    }
}
