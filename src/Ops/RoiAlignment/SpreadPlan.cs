using System.Numerics;

namespace Vision.Ops.RoiAlignment;

/// <summary>
/// A plan whose matrices are the other way round: which bins each pixel's gradient comes from. Of its regions, <see
/// cref="RoiRegion.FirstRow"/> and <see cref="RoiRegion.FirstColumn"/> are the first pixels' places among <see cref="Rows"/> and <see
/// cref="Columns"/>.
/// </summary>
internal sealed class SpreadPlan<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Turns a plan round.</summary>
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

    /// <summary>Where it comes from.</summary>
    public RoiPlan<T> Plan { get; }

    /// <summary>As the plan's regions.</summary>
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
