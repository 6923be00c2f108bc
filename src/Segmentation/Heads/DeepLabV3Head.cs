using Vision.Backbones;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>DeepLab v3 (Chen et al. 2017, arXiv:1706.05587) as in torchvision: the atrous pyramid, one 3×3
/// convolution and a classifier, on a backbone of stride 8.</summary>
public sealed class DeepLabV3Head : SequentialHead
{
    /// <summary>The paper's rates for stride 8, which torchvision also uses for stride 16.</summary>
    private static readonly int[] rates = [12, 24, 36];

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="stage">The input stage.</param>
    /// <param name="options">Classes, normalization and kind of convolutions.</param>
    public DeepLabV3Head(Stage stage, SegmenterOptions options) : base(nameof(DeepLabV3Head),
        new AtrousSpatialPyramidPooling(stage.Channels, rates, options),
        new Conv3x3(AtrousSpatialPyramidPooling.Width, AtrousSpatialPyramidPooling.Width, bias: false),
        Normalization.Create(options.HeadNorm, AtrousSpatialPyramidPooling.Width), nn.ReLU(true),
        nn.Conv2d(AtrousSpatialPyramidPooling.Width, options.NumClasses, 1)) { }

    /// <summary>As in torchvision.</summary>
    internal static IReadOnlyList<SegmenterArchitecture> Architectures { get; } =
    [
        new()
        {
            Prefix = "deeplabv3_",
            OutputStride = 8,
            HasAuxiliary = true,
            Stages = stages => [stages.Count - 1],
            Create = (stages, options) => new DeepLabV3Head(stages[0], options),
            Recognizes = has => has("0.convs.4.1.weight"),
            ClassLayers = ["4"],
            CocoWeights = new Dictionary<string, string>
            {
                ["deeplabv3_resnet50"] = "https://download.pytorch.org/models/deeplabv3_resnet50_coco-cd0a2569.pth",
                ["deeplabv3_resnet101"] = "https://download.pytorch.org/models/deeplabv3_resnet101_coco-586e9e4e.pth",
                ["deeplabv3_mobilenet_v3_large"] = "https://download.pytorch.org/models/deeplabv3_mobilenet_v3_large-fc3c493d.pth",
            },
        },
    ];
}
