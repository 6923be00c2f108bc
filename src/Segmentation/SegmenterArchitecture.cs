using Vision.Backbones;

namespace Vision.Segmentation;

/// <summary>A kind of segmenter that can be built on any backbone; an entry of <see cref="SegmenterCatalog"/>.</summary>
public sealed record SegmenterArchitecture
{
    /// <summary>The part of the name before the backbone, such as "deeplabv3_".</summary>
    public required string Prefix { get; init; }

    /// <summary>The backbone that it is usually built on; any other can replace it.</summary>
    public string DefaultBackbone { get; init; } = "resnet50";

    /// <summary>Stride of the backbone's last stage; at least 16 for a MobileNet, as in torchvision.</summary>
    public int OutputStride { get; init; } = 32;

    /// <summary>Whether it has an auxiliary head.</summary>
    public bool HasAuxiliary { get; init; }

    /// <summary>
    /// The sides of an image are padded to multiples of this in prediction. 1 for most, as in torchvision; a U-Net concatenates maps of
    /// neighboring strides, which match only if no size was rounded up.
    /// </summary>
    public int SizeDivisor { get; init; } = 1;

    /// <summary>The input stages of the head: ascending indices into the backbone's stages.</summary>
    public required Func<IReadOnlyList<Stage>, int[]> Stages { get; init; }

    /// <summary>Builds the head for those stages.</summary>
    public required Func<IReadOnlyList<Stage>, SegmenterOptions, SegmentationHead> Create { get; init; }

    /// <summary>Whether a state dict contains such a head; tests keys below <c>classifier.</c></summary>
    public required Func<Func<string, bool>, bool> Recognizes { get; init; }

    /// <summary>The layers of the head whose shapes depend on the number of classes; the length of the first one's
    /// bias, or of its weight's first dimension, is that number.</summary>
    public required IReadOnlyList<string> ClassLayers { get; init; }

    /// <summary>The URLs of weights published for COCO images with VOC's classes, by segmenter name.</summary>
    public IReadOnlyDictionary<string, string> CocoWeights { get; init; } = new Dictionary<string, string>();

    /// <summary>The segmenter's name with a given backbone.</summary>
    public string NameOn(string backbone) => Prefix + backbone;

    /// <summary>The registered backbone in a segmenter's name; null if the name is not one of this architecture.</summary>
    internal string? BackboneIn(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && BackboneRegistry.Contains(name[Prefix.Length..])
            ? name[Prefix.Length..]
            : null;
}
