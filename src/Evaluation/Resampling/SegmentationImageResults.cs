namespace Vision.Evaluation;

/// <summary>The pixels of each class in each image; the metric is the mean IoU over the classes, as in
/// <see cref="SegmentationMetrics.MeanIou"/>.</summary>
public sealed record SegmentationImageResults : ImageResults
{
    /// <inheritdoc/>
    public override string Metric => "mIoU";

    /// <summary>For each image and class, the pixels of the class that were predicted as it.</summary>
    public required IReadOnlyList<long[]> Intersections { get; init; }

    /// <summary>For each image and class, the pixels that belong to the class or were predicted as it.</summary>
    public required IReadOnlyList<long[]> Unions { get; init; }

    private protected override double Compute(int[] times)
    {
        int classes = Unions.Count == 0 ? 0 : Unions[0].Length;
        long[] intersections = new long[classes], unions = new long[classes];
        for (int i = 0; i < times.Length; i++)
        {
            if (times[i] == 0) continue;
            for (int label = 0; label < classes; label++)
            {
                intersections[label] += times[i] * Intersections[i][label];
                unions[label] += times[i] * Unions[i][label];
            }
        }
        return Enumerable.Range(0, classes).Where(label => unions[label] > 0)
            .Select(label => (double)intersections[label] / unions[label]).DefaultIfEmpty(-1).Average();
    }

    internal override void Validate() => Require(Intersections.Count == Images.Count && Unions.Count == Images.Count
        && Intersections.Concat(Unions).All(counts => counts.Length == Unions[0].Length));
}
