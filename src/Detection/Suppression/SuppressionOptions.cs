namespace Vision.Detection;

/// <summary>How detections of the same object are brought to one.</summary>
public sealed record SuppressionOptions
{
    /// <summary>What happens to a box that overlaps a surer one: dropped, as published detectors were measured.</summary>
    public SuppressionKind Kind { get; init; } = SuppressionKind.Hard;

    /// <summary>The IoU in [0, 1] above which two boxes compete.</summary>
    public double IouThreshold { get; init; } = 0.5;

    /// <summary>Whether boxes of different classes compete as well: no, since objects of two classes do overlap.
    /// Yes suits classes that exclude each other in one place.</summary>
    public bool ClassAgnostic { get; init; }

    /// <summary>The σ of <see cref="SuppressionKind.SoftGaussian"/>: the paper's 0.5.</summary>
    public double Sigma { get; init; } = 0.5;

    /// <summary>Soft suppression drops a box whose score falls below this: the paper's 0.001.</summary>
    public double MinimumScore { get; init; } = 1e-3;
}
