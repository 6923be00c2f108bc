namespace Vision.Detection;

/// <summary>How duplicate detections are suppressed: non-maximum suppression (NMS), hard or soft.</summary>
public sealed record SuppressionOptions
{
    /// <summary>What happens to a box that overlaps one with a higher score: it is dropped, as in published results.</summary>
    public SuppressionKind Kind { get; init; } = SuppressionKind.Hard;

    /// <summary>The IoU in [0, 1] above which one box suppresses another.</summary>
    public double IouThreshold { get; init; } = 0.5;

    /// <summary>Whether boxes also suppress boxes of other classes: false, since objects of different classes do overlap.
    /// True suits classes that exclude each other at one location.</summary>
    public bool ClassAgnostic { get; init; }

    /// <summary>The σ of <see cref="SuppressionKind.SoftGaussian"/>: the paper's 0.5.</summary>
    public double Sigma { get; init; } = 0.5;

    /// <summary>Soft suppression drops a box whose score falls below this: the paper's 0.001.</summary>
    public double MinimumScore { get; init; } = 1e-3;
}
