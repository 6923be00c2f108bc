namespace Vision.Backbones;

/// <summary>Assigns strides, dilations and stochastic-depth rates to the residual blocks of a network, stage by stage.</summary>
internal sealed class BlockPlanner
{
    private readonly IReadOnlyList<int> depths;
    private readonly DilationPlan plan;
    private readonly IReadOnlyList<int>? multiGrid;
    private readonly double dropRate;
    private int stage;
    private int placed;

    /// <summary>A planner for a network with the given number of blocks per stage.</summary>
    /// <param name="options">The output stride, multi-grid and stochastic depth, whose null means a
    /// rate of 0, as published.</param>
    /// <param name="depths">Number of blocks in each stage.</param>
    /// <param name="stemReduction">The stride of what comes before the first block.</param>
    public BlockPlanner(BackboneOptions options, IReadOnlyList<int> depths, int stemReduction)
    {
        if (options.MultiGrid is { } grid && (grid.Count != depths[^1] || grid.Any(factor => factor < 1)))
            throw new ArgumentException(
                $"The multi-grid is ({string.Join(", ", grid)}); expected {depths[^1]} factors of at least 1, " +
                "one for each block of the last stage.", nameof(options));
        this.depths = depths;
        plan = new DilationPlan(options.OutputStride, stemReduction);
        multiGrid = options.MultiGrid;
        dropRate = options.StochasticDepth ?? 0;
    }

    /// <summary>The total stride of the stages planned so far.</summary>
    public int Reduction => plan.Reduction;

    /// <summary>The places of the next stage's blocks.</summary>
    /// <param name="stride">The nominal stride of the first block.</param>
    public BlockPosition[] NextStage(int stride)
    {
        var (firstStride, firstDilation, dilation) = plan.Next(stride);
        bool last = stage == depths.Count - 1;
        var places = new BlockPosition[depths[stage++]];
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
