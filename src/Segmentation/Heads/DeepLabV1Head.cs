using Vision.Backbones;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>
/// DeepLab v1 with the large field of view (Chen et al. 2014, arXiv:1412.7062): "fc6" is a 3×3 convolution of dilation 12 and 1024
/// channels, on a backbone of stride 8. It is meant to be followed by a dense CRF.
/// </summary>
public sealed class DeepLabV1Head : SequentialHead
{
    private const int Width = 1024, Dilation = 12;
    private const double DropRate = 0.5;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="stage">The input stage.</param>
    /// <param name="options">Classes and normalization.</param>
    public DeepLabV1Head(Stage stage, SegmenterOptions options) : base(nameof(DeepLabV1Head),
        HeadLayers.Convolution(stage.Channels, Width, 3, options.HeadNorm, Dilation), nn.Dropout(DropRate),
        HeadLayers.Convolution(Width, Width, 1, options.HeadNorm), nn.Dropout(DropRate),
        nn.Conv2d(Width, options.NumClasses, 1)) { }

    /// <summary>On a backbone of stride 8.</summary>
    internal static IReadOnlyList<SegmenterArchitecture> Architectures { get; } =
    [
        new()
        {
            Prefix = "deeplabv1_",
            DefaultBackbone = "vgg16",
            OutputStride = 8,
            Stages = stages => [stages.Count - 1],
            Create = (stages, options) => new DeepLabV1Head(stages[0], options),
            Recognizes = has => has("0.0.weight") && has("2.0.weight") && has("4.weight"),
            ClassLayers = ["4"],
        },
    ];
}
