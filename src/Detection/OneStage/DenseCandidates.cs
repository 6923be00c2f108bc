using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Selects the candidates for detections from the scores of every location and class.</summary>
/// <param name="Images">int64 [K]: the index of the image in the batch.</param>
/// <param name="Places">int64 [K]: the index of the anchor or point.</param>
/// <param name="Labels">int64 [K], 1..C.</param>
/// <param name="Scores">[K].</param>
internal sealed record DenseCandidates(Tensor Images, Tensor Places, Tensor Labels, Tensor Scores)
{
    /// <summary>The highest scores of each level of each image, for all images at once.</summary>
    /// <param name="scores">[N, A, C] of the classes without background, or logits with a threshold in logits.</param>
    /// <param name="perLevel">How many of the A locations belong to each level.</param>
    /// <param name="threshold">The minimum score (exclusive).</param>
    /// <param name="top">The maximum number of candidates per level and image.</param>
    public static DenseCandidates OfLevels(Tensor scores, long[] perLevel, double threshold, int top)
    {
        using var scope = NewDisposeScope();
        DenseCandidates all = Above(scores, threshold);
        long[] ends = [.. perLevel.Select((_, i) => perLevel[..(i + 1)].Sum())];
        Tensor level = searchsorted(tensor(ends, device: scores.device), all.Places, false, true);
        return all.Top(all.Images * perLevel.Length + level, top);
    }

    /// <summary>The highest scores of each class of each image, for all images at once; <c>top</c> is per class.</summary>
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
