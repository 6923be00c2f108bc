using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The largest values of each group, for all groups at once. A group may be a pyramid level or a class of an image.</summary>
internal static class TopPerGroup
{
    /// <summary>Rows of the <paramref name="count"/> largest values of each group, int64, in no particular order.</summary>
    /// <param name="values">[K].</param>
    /// <param name="groups">int64 [K].</param>
    /// <param name="count">The maximum number of rows per group.</param>
    public static Tensor Rows(Tensor values, Tensor groups, int count)
    {
        using var scope = NewDisposeScope();
        Tensor descending = values.sort(0, true, true).Indices;                                         // [K]
        var (sorted, order) = groups.index_select(0, descending).sort(0, false, true);
        // A row's rank within its group is its distance from the group's first row.
        Tensor place = arange(sorted.shape[0], int64, sorted.device) - searchsorted(sorted, sorted);
        Tensor kept = place.lt(count).nonzero().squeeze(1);
        return descending.index_select(0, order.index_select(0, kept)).MoveToOuterDisposeScope();
    }
}
