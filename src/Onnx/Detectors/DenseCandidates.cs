using Vision.Onnx.Building;

namespace Vision.Onnx.Detectors;

/// <summary>The candidates of a one-stage detector: <see cref="Detection.DenseCandidates"/> for one image, in a graph.</summary>
/// <param name="Places">int64 [K]: the index of the anchor or cell.</param>
/// <param name="Labels">int64 [K], 1..C.</param>
/// <param name="Scores">[K].</param>
internal sealed record DenseCandidates(OnnxValue Places, OnnxValue Labels, OnnxValue Scores)
{
    /// <summary>The highest scores of each level.</summary>
    /// <param name="scores">[A, C] of the classes without background.</param>
    /// <param name="perLevel">How many of the A places belong to each level: int64 [1] each.</param>
    /// <param name="threshold">The minimum score (exclusive).</param>
    /// <param name="top">The maximum number of candidates per level.</param>
    public static DenseCandidates OfLevels(OnnxValue scores, IReadOnlyList<OnnxValue> perLevel, double threshold, long top)
    {
        OnnxGraphBuilder builder = scores.Builder;
        OnnxValue classes = scores.Size(1), start = builder.Const([0L]);
        List<DenseCandidates> levels = [];
        foreach (OnnxValue count in perLevel)
        {
            OnnxValue end = start + count;
            OnnxValue own = scores.Slice([0], start, end).Reshape(-1);                                          // [Aᵢ·C]
            var (values, at) = Selection.Highest(own, top);
            OnnxValue place = at / classes;
            levels.Add(new(place + start, at - place * classes + 1L, values));
            start = end;
        }
        return new DenseCandidates(Joined(level => level.Places), Joined(level => level.Labels), Joined(level => level.Scores))
            .Above(threshold);

        OnnxValue Joined(Func<DenseCandidates, OnnxValue> part) => builder.Concat(0, [.. levels.Select(part)]);
    }

    /// <summary>The highest scores of each class.</summary>
    /// <param name="scores">[A, C] of the classes without background.</param>
    /// <param name="threshold">The minimum score (exclusive).</param>
    /// <param name="top">The maximum number of candidates per class.</param>
    public static DenseCandidates OfClasses(OnnxValue scores, double threshold, long top)
    {
        var (values, places) = Selection.Highest(scores.Transpose(1, 0), top);                                  // [C, top]
        OnnxValue labels = (scores.Builder.Range(scores.Size(1)) + 1L).Unsqueeze(1).Expand(places.Shape());
        return new DenseCandidates(places.Reshape(-1), labels.Reshape(-1), values.Reshape(-1)).Above(threshold);
    }

    private DenseCandidates Above(double threshold)
    {
        OnnxValue kept = Selection.Where(Scores > (float)threshold);
        return new(Places.Gather(kept), Labels.Gather(kept), Scores.Gather(kept));
    }
}
