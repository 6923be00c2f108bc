using System.Globalization;
using TorchSharp.Modules;
using Vision.Backbones;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>
/// U-Net++ (Zhou et al. 2018, arXiv:1807.10165) on any backbone: every level has a row of nodes, each of which is
/// connected to all nodes before it in its row and the one below. All nodes of the finest level are trained
/// (deep supervision); the deepest one is the prediction.
/// </summary>
public sealed class UNetPlusPlusHead : SegmentationHead
{
    private readonly ModuleDict<DecoderBlock> nodes;
    private readonly ModuleList<Conv2d> classifiers;
    private readonly int levels;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="stages">One of each stride, finest first.</param>
    /// <param name="options">Classes and normalization.</param>
    public UNetPlusPlusHead(IReadOnlyList<Stage> stages, SegmenterOptions options) : base(nameof(UNetPlusPlusHead))
    {
        nodes = new();
        levels = stages.Count;
        // A level's nodes have the width of a U-Net's block at that level, which starts one level below the coarsest stage.
        int[] widths = [.. Enumerable.Range(0, levels - 1)
            .Select(level => UNetHead.Widths[Math.Min(levels - 2 - level, UNetHead.Widths.Length - 1)])];
        for (int column = 1; column < levels; column++)
            for (int level = 0; level < levels - column; level++)
            {
                int below = column == 1 ? stages[level + 1].Channels : widths[level + 1];
                nodes.Add(Name(level, column),
                    new DecoderBlock(below, stages[level].Channels + (column - 1) * widths[level], widths[level], options.HeadNorm));
            }
        classifiers = new();
        for (int column = 1; column < levels; column++) classifiers.Add(nn.Conv2d(widths[0], options.NumClasses, 1));
        RegisterComponents();
    }

    /// <summary>On a backbone of stride 32.</summary>
    internal static IReadOnlyList<SegmenterArchitecture> Architectures { get; } =
    [
        new()
        {
            Prefix = "unetplusplus_",
            SizeDivisor = 32,
            DefaultBackbone = "resnet34",
            Stages = StageSelection.OfEveryStride,
            Create = (stages, options) => new UNetPlusPlusHead(stages, options),
            Recognizes = has => has("nodes.0_1.conv1.0.weight"),
            ClassLayers = ["classifiers.0", "classifiers.1", "classifiers.2", "classifiers.3"],
        },
    ];

    /// <inheritdoc/>
    public override Tensor forward(Tensor[] features)
    {
        using var scope = NewDisposeScope();
        return classifiers[^1].call(TopRow(features)[^1]).MoveToOuterDisposeScope();        // [N, classes, h, w] of the finest stage
    }

    /// <inheritdoc/>
    protected internal override Tensor[] Supervised(Tensor[] features)
    {
        using var scope = NewDisposeScope();
        Tensor[] row = TopRow(features);
        return [.. Enumerable.Range(0, row.Length).Reverse().Select(i => classifiers[i].call(row[i]).MoveToOuterDisposeScope())];
    }

    /// <summary>The nodes of the finest level, shallowest first.</summary>
    private Tensor[] TopRow(Tensor[] features)
    {
        List<Tensor>[] rows = [.. features.Select(feature => new List<Tensor> { feature })];
        for (int column = 1; column < levels; column++)
            for (int level = 0; level < levels - column; level++)
                rows[level].Add(nodes[Name(level, column)].call(rows[level + 1][column - 1], [.. rows[level]]));
        return [.. rows[0][1..]];
    }

    private static string Name(int level, int column) => string.Create(CultureInfo.InvariantCulture, $"{level}_{column}");
}
