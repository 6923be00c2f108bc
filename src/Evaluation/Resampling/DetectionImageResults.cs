namespace Vision.Evaluation;

/// <summary>The matches of a detector's results in each image; the metric is COCO's AP, the mean over classes and thresholds.</summary>
public sealed record DetectionImageResults : ImageResults
{
    /// <inheritdoc/>
    public override string Metric => "AP";

    /// <summary>The number of thresholds of the overlap.</summary>
    public required int Thresholds { get; init; }

    /// <summary>The detections and objects of each class.</summary>
    public required IReadOnlyList<DetectionClassResults> Classes { get; init; }

    private protected override double Compute(int[] times) =>
        Classes.Select(matches => matches.AveragePrecision(times, Thresholds)).Average() ?? -1;

    internal override void Validate() => Require(Thresholds is > 0 and < 31 && Classes.All(matches => matches.Fits(Images.Count)));
}
