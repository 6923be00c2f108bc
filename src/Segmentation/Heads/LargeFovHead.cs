using Vision.Backbones;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>
/// DeepLab v1 with the large field of view (Chen et al. 2014, arXiv:1412.7062): "fc6" is a 3×3 convolution of dilation 12 and 1024
/// channels, on a backbone of stride 8. A dense CRF belongs after it.
/// </summary>
public sealed class LargeFovHead : LayeredHead
{
    private const int Width = 1024, Dilation = 12;
    private const double DropRate = 0.5;

    /// <summary>Freshly drawn weights.</summary>
    /// <param name="stage">The stage that it is given.</param>
    /// <param name="options">Classes and normalization.</param>
    public LargeFovHead(Stage stage, SegmenterOptions options) : base(nameof(LargeFovHead),
        HeadLayers.Convolution(stage.Channels, Width, 3, options.HeadNorm, Dilation), nn.Dropout(DropRate),
        HeadLayers.Convolution(Width, Width, 1, options.HeadNorm), nn.Dropout(DropRate),
        nn.Conv2d(Width, options.NumClasses, 1)) { }

    /// <summary>On a backbone of stride 8.</summary>
    internal static IReadOnlyList<SegmenterArchitecture> Architectures { get; } =
    [
        new()
        {
            Prefix = "deeplabv1_",
            UsualBackbone = "vgg16",
            OutputStride = 8,
            Stages = stages => [stages.Count - 1],
            Create = (stages, options) => new LargeFovHead(stages[0], options),
            Recognizes = has => has("0.0.weight") && has("2.0.weight") && has("4.weight"),
            ClassLayers = ["4"],
        },
    ];
}
