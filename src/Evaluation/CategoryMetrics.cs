using Vision.Data;

namespace Vision.Evaluation;

/// <summary>The metrics of one class.</summary>
public sealed record CategoryMetrics
{
    /// <summary>The class.</summary>
    public required Category Category { get; init; }

    /// <summary>Average precision over all thresholds, in [0, 1]; −1 if the class has no ground truth.</summary>
    public required double AP { get; init; }

    /// <summary>Average precision at IoU 0.5, in [0, 1]; −1 if the class has no ground truth.</summary>
    public required double AP50 { get; init; }

    /// <summary>Precision at recalls 0, 0.01 … 1 for IoU 0.5: 101 values. Empty if the class has no ground truth.</summary>
    public required IReadOnlyList<double> PrecisionAtRecall { get; init; }
}
