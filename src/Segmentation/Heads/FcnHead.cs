using Vision.Backbones;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>One 3×3 convolution and a classifier on one stage: torchvision's FCN, and the auxiliary head of other segmenters.</summary>
public sealed class FcnHead : SequentialHead
{
    private const double DropRate = 0.1;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="stage">The input stage.</param>
    /// <param name="options">Classes and normalization.</param>
    public FcnHead(Stage stage, SegmenterOptions options) : base(nameof(FcnHead),
        new Conv3x3(stage.Channels, stage.Channels / 4, bias: false),
        Normalization.Create(options.HeadNorm, stage.Channels / 4), nn.ReLU(true),
        nn.Dropout(DropRate), nn.Conv2d(stage.Channels / 4, options.NumClasses, 1)) { }

    /// <summary>As in torchvision, on a backbone of stride 8.</summary>
    internal static IReadOnlyList<SegmenterArchitecture> Architectures { get; } =
    [
        new()
        {
            Prefix = "fcn_",
            OutputStride = 8,
            HasAuxiliary = true,
            Stages = stages => [stages.Count - 1],
            Create = (stages, options) => new FcnHead(stages[0], options),
            Recognizes = has => has("0.weight") && has("4.weight"),
            ClassLayers = ["4"],
            CocoWeights = new Dictionary<string, string>
            {
                ["fcn_resnet50"] = "https://download.pytorch.org/models/fcn_resnet50_coco-1167a1af.pth",
                ["fcn_resnet101"] = "https://download.pytorch.org/models/fcn_resnet101_coco-7ecb50ca.pth",
            },
        },
    ];
}
