using Vision.Backbones;

namespace Vision.Segmentation;

/// <summary>A kind of segmenter, to be built on any backbone; an entry of <see cref="SegmenterCatalog"/>.</summary>
public sealed record SegmenterArchitecture
{
    /// <summary>The name before the backbone's, such as "deeplabv3_".</summary>
    public required string Prefix { get; init; }

    /// <summary>The backbone that it is known on; any other may take its place.</summary>
    public string UsualBackbone { get; init; } = "resnet50";

    /// <summary>Stride of the backbone's last stage; of a MobileNet 16 at least, as torchvision has it.</summary>
    public int OutputStride { get; init; } = 32;

    /// <summary>Whether an auxiliary head belongs to it.</summary>
    public bool HasAuxiliary { get; init; }

    /// <summary>
    /// What the sides of an image are padded to a multiple of in prediction. 1 for most, as in torchvision; a U-Net joins maps of
    /// neighboring strides, which fit together only where no stride was rounded up.
    /// </summary>
    public int SizeDivisor { get; init; } = 1;

    /// <summary>The stages that the head looks at: ascending places among all of a backbone's.</summary>
    public required Func<IReadOnlyList<Stage>, int[]> Stages { get; init; }

    /// <summary>Builds the head for those stages.</summary>
    public required Func<IReadOnlyList<Stage>, SegmenterOptions, SegmentationHead> Create { get; init; }

    /// <summary>Whether a state dict holds such a head, by asking for keys below <c>classifier.</c></summary>
    public required Func<Func<string, bool>, bool> Recognizes { get; init; }

    /// <summary>The layers of the head whose shapes depend on the number of classes; the first has a
    /// bias of so many values, or as many first rows.</summary>
    public required IReadOnlyList<string> ClassLayers { get; init; }

    /// <summary>Where weights for the COCO images with VOC's classes are published, by the segmenter's name.</summary>
    public IReadOnlyDictionary<string, string> CocoWeights { get; init; } = new Dictionary<string, string>();

    /// <summary>The name on a backbone.</summary>
    public string NameOn(string backbone) => Prefix + backbone;
}
