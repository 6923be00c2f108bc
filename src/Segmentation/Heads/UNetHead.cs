using TorchSharp.Modules;
using Vision.Backbones;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>
/// The decoder of a U-Net (Ronneberger et al. 2015, arXiv:1505.04597) on any backbone, with the layers and widths of
/// segmentation_models_pytorch: from the coarsest stage to full resolution, with skip connections from every finer one.
/// </summary>
public sealed class UNetHead : SegmentationHead
{
    /// <summary>Channels of the decoder blocks, coarse to fine.</summary>
    internal static readonly int[] Widths = [256, 128, 64, 32, 16];

    private readonly ModuleList<DecoderBlock> blocks;
    private readonly Conv2d classifier;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="stages">One of each stride, finest first.</param>
    /// <param name="options">Classes and normalization.</param>
    public UNetHead(IReadOnlyList<Stage> stages, SegmenterOptions options) : base(nameof(UNetHead))
    {
        blocks = new();
        int channels = stages[^1].Channels, stride = stages[^1].Reduction;
        for (int i = stages.Count - 2; stride > 1; i--)
        {
            int skip = i >= 0 ? stages[i].Channels : 0, width = Widths[Math.Min(blocks.Count, Widths.Length - 1)];
            blocks.Add(new DecoderBlock(channels, skip, width, options.HeadNorm));
            stride = i >= 0 ? stages[i].Reduction : stride / 2;
            channels = width;
        }
        classifier = nn.Conv2d(channels, options.NumClasses, 3, 1, 1);
        RegisterComponents();
    }

    /// <summary>On a backbone of stride 32.</summary>
    internal static IReadOnlyList<SegmenterArchitecture> Architectures { get; } =
    [
        new()
        {
            Prefix = "unet_",
            SizeDivisor = 32,
            DefaultBackbone = "resnet34",
            Stages = StageSelection.OfEveryStride,
            Create = (stages, options) => new UNetHead(stages, options),
            Recognizes = has => has("blocks.0.conv1.0.weight") && has("classifier.weight"),
            ClassLayers = ["classifier"],
        },
    ];

    /// <inheritdoc/>
    public override Tensor forward(Tensor[] features)
    {
        using var scope = NewDisposeScope();
        Tensor x = features[^1];
        for (int i = 0; i < blocks.Count; i++) x = blocks[i].call(x, i < features.Length - 1 ? [features[^(i + 2)]] : []);
        return classifier.call(x).MoveToOuterDisposeScope();                // [N, classes, H, W], or slightly larger if H or W is odd
    }
}
