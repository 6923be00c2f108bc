using Vision.Backbones;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>A kind of detector, to be built on any backbone; an entry of <see cref="DetectorCatalog"/>.</summary>
public sealed record DetectorArchitecture
{
    /// <summary>The name before the backbone's, such as "fasterrcnn_".</summary>
    public required string Prefix { get; init; }

    /// <summary>The name after the backbone's, such as "_fpn".</summary>
    public string Suffix { get; init; } = "";

    /// <summary>The backbone that it is known on; any other may take its place.</summary>
    public string UsualBackbone { get; init; } = "resnet50";

    /// <summary>Whether a backbone makes a name of it.</summary>
    public Func<string, bool> SupportsBackbone { get; init; } = _ => true;

    /// <summary>What it gives.</summary>
    public DetectorTask Task { get; init; }

    /// <summary>The options that it was published with, for so many classes, background included; all of them can be changed.</summary>
    public Func<int, DetectorOptions> Defaults { get; init; } = classes => new() { NumClasses = classes };

    /// <summary>The options with what a state dict shows beside its classes and normalization.</summary>
    public Func<DetectorOptions, IReadOnlyDictionary<string, Tensor>, DetectorOptions> ReadOptions { get; init; } = (options, _) => options;

    /// <summary>Builds one with freshly drawn weights; the options name the backbone. The function that it is given makes the
    /// backbone, with further options of the architecture's choice.</summary>
    public required Func<DetectorOptions, Func<BackboneOptions, Backbone>, Detector> Create { get; init; }

    /// <summary>The classes, background included, of a state dict; null if it is not one of this architecture.</summary>
    public required Func<IReadOnlyDictionary<string, Tensor>, int?> ClassesOf { get; init; }

    /// <summary>Patterns of the keys whose shapes depend on the number of classes or keypoints.</summary>
    public required IReadOnlyList<string> ClassLayers { get; init; }

    /// <summary>Where weights for COCO are published, by the detector's name.</summary>
    public IReadOnlyDictionary<string, string> CocoWeights { get; init; } = new Dictionary<string, string>();

    /// <summary>The anchors of each level of its pyramid, where images are resized by their shorter side; null for others.</summary>
    public IReadOnlyList<AnchorLevel>? AnchorLevels { get; init; }

    /// <summary>Whether it is trained with AdamW at a small rate and with clipped gradients: SGD fails on transformers.</summary>
    public bool LearnsWithAdamW { get; init; }

    /// <summary>The name on a backbone.</summary>
    public string NameOn(string backbone) => Prefix + backbone + Suffix;
}
