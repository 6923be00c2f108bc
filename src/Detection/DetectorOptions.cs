using Vision.Backbones;

namespace Vision.Detection;

/// <summary>What can be chosen about a detector. The defaults are torchvision's for a network that is trained from scratch.</summary>
public sealed record DetectorOptions
{
    /// <summary>Classes, background (label 0) included: one more than the data set has categories.</summary>
    public required int NumClasses { get; init; }

    /// <summary>A backbone (see <see cref="BackboneRegistry.Names"/>) in place of the one in
    /// the model's name; null keeps that one.</summary>
    public string? Backbone { get; init; }

    /// <summary>
    /// The backbone's normalization; null for the one that its architecture was published with, to train from scratch.
    /// Published weights of detectors were trained with <see cref="NormKind.FrozenBatchNorm"/>, and fine-tune best
    /// with it; <see cref="DetectorWeights.OptionsFor"/> reads it off them.
    /// </summary>
    public NormKind? Norm { get; init; }

    /// <summary>
    /// How many stages of the backbone, from the stem, are not trained: 0, since frozen random weights would be of no use.
    /// torchvision freezes 2 (the stem and C2) where it starts from published weights.
    /// </summary>
    public int FrozenStages { get; init; }

    /// <summary>As <see cref="BackboneOptions.DeformableStages"/>: 0 for none, 3 for C3..C5 of a ResNet of bottlenecks.</summary>
    public int DeformableStages { get; init; }

    /// <summary>The shorter side that images are resized to for prediction, in pixels: 800, as published weights were trained at.</summary>
    public int MinSize { get; init; } = 800;

    /// <summary>The longer side that resizing does not exceed, in pixels: 1333, which leaves a
    /// 5:3 photograph at <see cref="MinSize"/>.</summary>
    public int MaxSize { get; init; } = 1333;

    /// <summary>The shorter sides that training draws from for each image; none stands for <see cref="MinSize"/> alone.</summary>
    public IReadOnlyList<int> TrainMinSizes { get; init; } = [];

    /// <summary>The mean of each channel (R, G, B in [0, 1]): ImageNet's, as published weights have.</summary>
    public IReadOnlyList<float> ImageMean { get; init; } = [0.485f, 0.456f, 0.406f];

    /// <summary>The standard deviation of each channel (R, G, B in [0, 1]): ImageNet's, as published weights have.</summary>
    public IReadOnlyList<float> ImageStd { get; init; } = [0.229f, 0.224f, 0.225f];

    /// <summary>
    /// Whether the network runs with the channels of a pixel next to each other in memory, which is markedly faster
    /// with oneDNN and cuDNN. Other convolution kernels round otherwise in the last digits, and a sampler may then draw
    /// otherwise; without it results are torchvision's to the last bit.
    /// </summary>
    public bool ChannelsLast { get; init; }

    /// <summary>Keypoints of an object, where the detector finds such: 17, COCO's of a person. A data set's own number otherwise.</summary>
    public int NumKeypoints { get; init; } = 17;

    /// <summary>The region proposal network.</summary>
    public RpnOptions Rpn { get; init; } = new();

    /// <summary>The classification of the proposed regions.</summary>
    public RoiOptions Roi { get; init; } = new();

    /// <summary>What RetinaNet alone knows.</summary>
    public RetinaNetOptions RetinaNet { get; init; } = new();

    /// <summary>What FCOS alone knows.</summary>
    public FcosOptions Fcos { get; init; } = new();

    /// <summary>What SSD alone knows.</summary>
    public SsdOptions Ssd { get; init; } = new();

    /// <summary>What the YOLO detectors alone know.</summary>
    public YoloOptions Yolo { get; init; } = new();

    /// <summary>The transformer of a <see cref="Detection.Detr"/>.</summary>
    public DetrOptions Detr { get; init; } = new();
}
