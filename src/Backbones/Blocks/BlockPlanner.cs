namespace Vision.Backbones;

/// <summary>Gives the residual blocks of a network their strides, dilations and rates of stochastic depth, stage by stage.</summary>
internal sealed class BlockPlanner
{
    private readonly IReadOnlyList<int> depths;
    private readonly DilationPlan plan;
    private readonly IReadOnlyList<int>? multiGrid;
    private readonly double dropRate;
    private int stage;
    private int placed;

    /// <summary>A plan for a network of stages with so many blocks.</summary>
    /// <param name="options">The output stride, multi-grid and stochastic depth; no
    /// published residual network of this kind has any.</param>
    /// <param name="depths">Blocks of each stage.</param>
    /// <param name="stemReduction">The stride of what comes before the first block.</param>
    public BlockPlanner(BackboneOptions options, IReadOnlyList<int> depths, int stemReduction)
    {
        if (options.MultiGrid is { } grid && (grid.Count != depths[^1] || grid.Any(factor => factor < 1)))
            throw new ArgumentException(
                $"The multi-grid is ({string.Join(", ", grid)}); expected {depths[^1]} factors of at least 1, one for each block of the " +
                "last stage.", nameof(options));
        this.depths = depths;
        plan = new DilationPlan(options.OutputStride, stemReduction);
        multiGrid = options.MultiGrid;
        dropRate = options.StochasticDepth ?? 0;
    }

    /// <summary>Input pixels that one step of the output spans, as far as stages were planned.</summary>
    public int Reduction => plan.Reduction;

    /// <summary>The places of the next stage's blocks.</summary>
    /// <param name="stride">What the first of them would have as its stride.</param>
    public BlockPlace[] NextStage(int stride)
    {
        var (firstStride, firstDilation, dilation) = plan.Next(stride);
        bool last = stage == depths.Count - 1;
        var places = new BlockPlace[depths[stage++]];
        for (int i = 0; i < places.Length; i++)
        {
            int factor = last && multiGrid is not null ? multiGrid[i] : 1;
            double drop = StochasticDepth.LinearRate(dropRate, placed++, depths.Sum());
            places[i] = i == 0 ? new(firstStride, firstDilation * factor, dilation * factor, drop)
                : new(1, dilation * factor, dilation * factor, drop);
        }
        return places;
    }
}
