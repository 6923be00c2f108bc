namespace Vision.Detection;

/// <summary>The options of the second stage, which classifies and refines proposals. The defaults are torchvision's.</summary>
public sealed record RoiOptions
{
    /// <summary>The minimum score (exclusive) of a detection: low, so that evaluation
    /// covers the whole precision–recall curve.</summary>
    public double ScoreThreshold { get; init; } = 0.05;

    /// <summary>How duplicate detections are suppressed (NMS), and its IoU threshold.</summary>
    public SuppressionOptions Suppression { get; init; } = new() { IouThreshold = 0.5 };

    /// <summary>The maximum number of detections per image: 100, as COCO's evaluation counts.</summary>
    public int DetectionsPerImage { get; init; } = 100;

    /// <summary>The minimum IoU with an object for a positive proposal.</summary>
    public double PositiveIou { get; init; } = 0.5;

    /// <summary>A proposal is background below this IoU with every object.</summary>
    public double NegativeIou { get; init; } = 0.5;

    /// <summary>The number of proposals per image that the losses are computed on.</summary>
    public int SamplesPerImage { get; init; } = 512;

    /// <summary>The maximum fraction of positives among them.</summary>
    public double PositiveFraction { get; init; } = 0.25;

    /// <summary>Whether background is sampled evenly over its overlap with objects (<see cref="IouBalancedSampler"/>);
    /// false samples uniformly, as published detectors were trained.</summary>
    public bool BalanceIou { get; init; }
}
