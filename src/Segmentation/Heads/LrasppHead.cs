using TorchSharp.Modules;
using Vision.Backbones;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>Lite R-ASPP (Howard et al. 2019, arXiv:1905.02244) as in torchvision: 1×1 convolutions on stride 16,
/// gated by globally pooled features, plus logits of stride 8.</summary>
public sealed class LrasppHead : SegmentationHead
{
    private const int Width = 128;

    private readonly Sequential cbr;
    private readonly Sequential scale;
    private readonly Conv2d low_classifier;
    private readonly Conv2d high_classifier;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="stages">A fine stage and the last one.</param>
    /// <param name="options">Classes and normalization.</param>
    public LrasppHead(IReadOnlyList<Stage> stages, SegmenterOptions options) : base(nameof(LrasppHead))
    {
        int channels = stages[^1].Channels;
        cbr = HeadLayers.Convolution(channels, Width, 1, options.HeadNorm);
        scale = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(channels, Width, 1, bias: false), nn.Sigmoid());
        low_classifier = nn.Conv2d(stages[0].Channels, options.NumClasses, 1);
        high_classifier = nn.Conv2d(Width, options.NumClasses, 1);
        RegisterComponents();
    }

    /// <summary>As in torchvision.</summary>
    internal static IReadOnlyList<SegmenterArchitecture> Architectures { get; } =
    [
        new()
        {
            Prefix = "lraspp_",
            DefaultBackbone = "mobilenet_v3_large",
            OutputStride = 16,
            Stages = stages => [StageSelection.FirstOfEight(stages), stages.Count - 1],
            Create = (stages, options) => new LrasppHead(stages, options),
            Recognizes = has => has("low_classifier.weight"),
            ClassLayers = ["low_classifier", "high_classifier"],
            CocoWeights = new Dictionary<string, string>
            {
                ["lraspp_mobilenet_v3_large"] = "https://download.pytorch.org/models/lraspp_mobilenet_v3_large-d234d4ea.pth",
            },
        },
    ];

    /// <inheritdoc/>
    public override Tensor forward(Tensor[] features)
    {
        using var scope = NewDisposeScope();
        Tensor low = features[0], high = features[^1];
        Tensor x = cbr.call(high) * scale.call(high);                                       // [N, 128, H/16, W/16]
        // [N, classes, H/8, W/8]
        return (low_classifier.call(low) + high_classifier.call(ResizeLike.Bilinear(x, low))).MoveToOuterDisposeScope();
    }
}
