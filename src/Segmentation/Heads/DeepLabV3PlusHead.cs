using TorchSharp.Modules;
using Vision.Backbones;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>
/// DeepLab v3+ (Chen et al. 2018, arXiv:1802.02611): the atrous pyramid on stride 16, refined with the stage of stride 4. Layers as in
/// segmentation_models_pytorch, with the paper's rates: 6, 12 and 18 on stride 16, twice those on stride 8.
/// </summary>
public sealed class DeepLabV3PlusHead : SegmentationHead
{
    /// <summary>Channels that the fine stage is reduced to: few, so that they do not dominate (the paper's table 1).</summary>
    private const int FineWidth = 48;

    private readonly AtrousSpatialPyramidPooling aspp;
    private readonly Sequential refine;
    private readonly Sequential fine;
    private readonly Sequential fuse;
    private readonly Conv2d classifier;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="stages">A fine stage and the last one.</param>
    /// <param name="options">Classes, normalization and kind of convolutions.</param>
    public DeepLabV3PlusHead(IReadOnlyList<Stage> stages, SegmenterOptions options) : base(nameof(DeepLabV3PlusHead))
    {
        int unit = 6 * Math.Max(1, 16 / stages[^1].Reduction);
        aspp = new AtrousSpatialPyramidPooling(stages[^1].Channels, [unit, 2 * unit, 3 * unit], options);
        refine = HeadLayers.Convolution3x3(AtrousSpatialPyramidPooling.Width, AtrousSpatialPyramidPooling.Width, options);
        fine = HeadLayers.Convolution(stages[0].Channels, FineWidth, 1, options.HeadNorm);
        fuse = HeadLayers.Convolution3x3(AtrousSpatialPyramidPooling.Width + FineWidth, AtrousSpatialPyramidPooling.Width, options);
        classifier = nn.Conv2d(AtrousSpatialPyramidPooling.Width, options.NumClasses, 1);
        RegisterComponents();
    }

    /// <summary>On a backbone of stride 16.</summary>
    internal static IReadOnlyList<SegmenterArchitecture> Architectures { get; } =
    [
        new()
        {
            Prefix = "deeplabv3plus_",
            OutputStride = 16,
            Stages = stages => [StageSelection.OfStrides(stages, 4)[0], stages.Count - 1],
            Create = (stages, options) => new DeepLabV3PlusHead(stages, options),
            Recognizes = has => has("aspp.convs.4.1.weight"),
            ClassLayers = ["classifier"],
        },
    ];

    /// <inheritdoc/>
    public override Tensor forward(Tensor[] features)
    {
        using var scope = NewDisposeScope();
        Tensor sharp = fine.call(features[0]);                                              // [N, 48, H/4, W/4]
        Tensor context = ResizeLike.Bilinear(refine.call(aspp.call(features[^1])), sharp);        // [N, 256, H/4, W/4]
        return classifier.call(fuse.call(cat([context, sharp], 1))).MoveToOuterDisposeScope();
    }
}
