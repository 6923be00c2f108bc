using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Picks, from a score for every place and class, those that may become detections.</summary>
/// <param name="Images">int64 [K]: which image of the batch.</param>
/// <param name="Places">int64 [K]: which anchor or point.</param>
/// <param name="Labels">int64 [K], 1..C.</param>
/// <param name="Scores">[K].</param>
internal sealed record DenseCandidates(Tensor Images, Tensor Places, Tensor Labels, Tensor Scores)
{
    /// <summary>The surest of each level of each image, of all images at once.</summary>
    /// <param name="scores">[N, A, C] of the classes without background.</param>
    /// <param name="perLevel">How many of the A places each level has.</param>
    /// <param name="threshold">A score must be above it.</param>
    /// <param name="top">The most that a level of an image keeps.</param>
    public static DenseCandidates OfLevels(Tensor scores, long[] perLevel, double threshold, int top)
    {
        using var scope = NewDisposeScope();
        DenseCandidates all = Above(scores, threshold);
        long[] ends = [.. perLevel.Select((_, i) => perLevel[..(i + 1)].Sum())];
        Tensor level = searchsorted(tensor(ends, device: scores.device), all.Places, false, true);
        return all.Top(all.Images * perLevel.Length + level, top);
    }

    /// <summary>The surest of each class of each image, of all images at once.</summary>
    /// <inheritdoc cref="OfLevels"/>
    public static DenseCandidates OfClasses(Tensor scores, double threshold, int top)
    {
        using var scope = NewDisposeScope();
        DenseCandidates all = Above(scores, threshold);
        return all.Top(all.Images * scores.shape[2] + all.Labels - 1, top);
    }

    private static DenseCandidates Above(Tensor scores, double threshold)
    {
        Tensor found = scores.gt(threshold).nonzero();                                                  // [K, 3]
        Tensor[] at = found.unbind(1);
        return new(at[0], at[1], at[2] + 1, scores.index(at[0], at[1], at[2]));
    }

    private DenseCandidates Top(Tensor groups, int count)
    {
        Tensor rows = TopPerGroup.Rows(Scores, groups, count);
        return new(
            Images.index_select(0, rows).MoveToOuterDisposeScope(), Places.index_select(0, rows).MoveToOuterDisposeScope(),
            Labels.index_select(0, rows).MoveToOuterDisposeScope(), Scores.index_select(0, rows).MoveToOuterDisposeScope());
    }
}
