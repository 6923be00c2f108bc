using TorchSharp.Modules;
using Vision.Backbones;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>
/// Semantic FPN (Kirillov et al. 2019, arXiv:1901.02446): the detectors' feature pyramid, whose levels are upsampled to stride 4 by 3×3
/// convolutions, group normalization and 2× upsampling, and summed.
/// </summary>
public sealed class SemanticFpnHead : SegmentationHead
{
    private const int Width = 128;

    private readonly FeaturePyramid fpn;
    private readonly ModuleList<ModuleList<Sequential>> ways;
    private readonly Conv2d classifier;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="stages">One of each stride, finest first.</param>
    /// <param name="options">The number of classes.</param>
    public SemanticFpnHead(IReadOnlyList<Stage> stages, SegmenterOptions options) : base(nameof(SemanticFpnHead))
    {
        FpnOptions pyramid = new() { Stages = stages.Count, Extra = ExtraLevels.None };
        fpn = new FeaturePyramid([.. stages.Select(stage => stage.Channels)], pyramid);
        ways = new();
        for (int level = 0; level < stages.Count; level++)
        {
            ModuleList<Sequential> way = new();
            for (int i = 0; i < Math.Max(1, level); i++)
                way.Add(HeadLayers.Convolution(i == 0 ? pyramid.OutChannels : Width, Width, 3, NormKind.GroupNorm));
            ways.Add(way);
        }
        classifier = nn.Conv2d(Width, options.NumClasses, 1);
        RegisterComponents();
    }

    /// <summary>On a backbone of stride 32.</summary>
    internal static IReadOnlyList<SegmenterArchitecture> Architectures { get; } =
    [
        new()
        {
            Prefix = "semanticfpn_",
            Stages = StageSelection.FromStrideFour,
            Create = (stages, options) => new SemanticFpnHead(stages, options),
            Recognizes = has => has("fpn.inner_blocks.0.0.weight") && has("ways.0.0.0.weight"),
            ClassLayers = ["classifier"],
        },
    ];

    /// <inheritdoc/>
    public override Tensor forward(Tensor[] features)
    {
        using var scope = NewDisposeScope();
        Tensor[] levels = fpn.call(features);
        Tensor sum = ways[0][0].call(levels[0]);                                            // [N, 128, H/4, W/4]
        for (int level = 1; level < levels.Length; level++)
        {
            Tensor x = levels[level];
            // After each convolution, upsample to the size of the next finer level.
            for (int i = 0; i < ways[level].Count; i++) x = ResizeLike.Bilinear(ways[level][i].call(x), levels[level - 1 - i]);
            sum = sum + x;
        }
        return classifier.call(sum).MoveToOuterDisposeScope();
    }
}
