using Vision.Backbones;

namespace Vision.Detection;

/// <summary>The options of a detector. The defaults are torchvision's for training from scratch.</summary>
public sealed record DetectorOptions
{
    /// <summary>Number of classes including background (label 0): one more than the data set has categories.</summary>
    public required int NumClasses { get; init; }

    /// <summary>A backbone (see <see cref="BackboneRegistry.Names"/>) that replaces the one in
    /// the model's name; null keeps the latter.</summary>
    public string? Backbone { get; init; }

    /// <summary>
    /// The backbone's normalization; null for the one that its architecture was published with, to train from scratch.
    /// Published detector weights were trained with <see cref="NormKind.FrozenBatchNorm"/>, and fine-tune best
    /// with it; <see cref="DetectorWeights.OptionsFor"/> infers it from them.
    /// </summary>
    public NormKind? Norm { get; init; }

    /// <summary>
    /// How many stages of the backbone, starting with the stem, are frozen: 0, since frozen random weights would be useless.
    /// torchvision freezes 2 (the stem and C2) when it starts from published weights.
    /// </summary>
    public int FrozenStages { get; init; }

    /// <summary>As <see cref="BackboneOptions.DeformableStages"/>: 0 for none, 3 for C3..C5 of a ResNet with bottlenecks.</summary>
    public int DeformableStages { get; init; }

    /// <summary>The shorter side of images in prediction, in pixels: 800, which published weights were trained with.</summary>
    public int MinSize { get; init; } = 800;

    /// <summary>The maximum longer side after resizing, in pixels: 1333, at which a
    /// 5:3 photograph still has <see cref="MinSize"/>.</summary>
    public int MaxSize { get; init; } = 1333;

    /// <summary>The shorter sides from which training draws for each image; empty for <see cref="MinSize"/> alone.</summary>
    public IReadOnlyList<int> TrainMinSizes { get; init; } = [];

    /// <summary>The mean of each channel (R, G, B in [0, 1]): ImageNet's, as for published weights.</summary>
    public IReadOnlyList<float> ImageMean { get; init; } = [0.485f, 0.456f, 0.406f];

    /// <summary>The standard deviation of each channel (R, G, B in [0, 1]): ImageNet's, as for published weights.</summary>
    public IReadOnlyList<float> ImageStd { get; init; } = [0.229f, 0.224f, 0.225f];

    /// <summary>
    /// Whether the network runs in the channels-last memory format, which is markedly faster with oneDNN and cuDNN.
    /// Its convolution kernels round differently in the last digits, so a sampler may draw differently; without it,
    /// results equal torchvision's to the last bit.
    /// </summary>
    public bool ChannelsLast { get; init; }

    /// <summary>Number of keypoints per object for keypoint detectors: 17 for COCO's persons, otherwise the data set's number.</summary>
    public int NumKeypoints { get; init; } = 17;

    /// <summary>The region proposal network.</summary>
    public RpnOptions Rpn { get; init; } = new();

    /// <summary>The classification of the proposed regions, with the NMS of the final detections.</summary>
    public RoiOptions Roi { get; init; } = new();

    /// <summary>The options of RetinaNet only.</summary>
    public RetinaNetOptions RetinaNet { get; init; } = new();

    /// <summary>The options of FCOS only.</summary>
    public FcosOptions Fcos { get; init; } = new();

    /// <summary>The options of SSD only.</summary>
    public SsdOptions Ssd { get; init; } = new();

    /// <summary>The options of the YOLO detectors only.</summary>
    public YoloOptions Yolo { get; init; } = new();

    /// <summary>The options of <see cref="Detection.Detr"/> only.</summary>
    public DetrOptions Detr { get; init; } = new();
}
