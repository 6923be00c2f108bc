using System.Numerics;

namespace Vision.Ops.RoiAlignment;

/// <summary>
/// A plan with transposed matrices: the bins that contribute to each pixel's gradient. The <see
/// cref="RoiRegion.FirstRow"/> and <see cref="RoiRegion.FirstColumn"/> of its regions are the first pixels' indices in <see cref="Rows"/>
/// and <see cref="Columns"/>.
/// </summary>
internal sealed class SpreadPlan<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Transposes a plan.</summary>
    public SpreadPlan(RoiPlan<T> plan)
    {
        Plan = plan;
        Regions = [.. plan.Regions];
        foreach (ref RoiRegion region in Regions.AsSpan())
        {
            (long firstRow, long firstColumn) = (region.FirstRow, region.FirstColumn);
            (region.FirstRow, region.FirstColumn) = (Rows.BinCount, Columns.BinCount);
            Rows.AddTransposed(plan.Rows, firstRow, plan.OutHeight, region.Top, region.Height);
            Columns.AddTransposed(plan.Columns, firstColumn, plan.OutWidth, region.Left, region.Width);
        }
    }

    /// <summary>The forward plan.</summary>
    public RoiPlan<T> Plan { get; }

    /// <summary>The regions, in the order of the plan's.</summary>
    public RoiRegion[] Regions { get; }

    /// <summary>For each row of pixels of a region, the rows of bins.</summary>
    public Taps<T> Rows { get; } = new();

    /// <summary>For each column of pixels of a region, the columns of bins.</summary>
    public Taps<T> Columns { get; } = new();

    public void Dispose()
    {
        Rows.Dispose();
        Columns.Dispose();
    }
}
