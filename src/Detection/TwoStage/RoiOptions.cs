namespace Vision.Detection;

/// <summary>What can be chosen about the second stage, which classifies and refines proposals. The defaults are torchvision's.</summary>
public sealed record RoiOptions
{
    /// <summary>Detections with a score not above this are dropped: low, so that evaluation
    /// sees the whole precision–recall curve.</summary>
    public double ScoreThreshold { get; init; } = 0.05;

    /// <summary>How detections of the same object are brought to one.</summary>
    public SuppressionOptions Suppression { get; init; } = new();

    /// <summary>The most detections of an image: 100, as COCO's evaluation counts.</summary>
    public int DetectionsPerImage { get; init; } = 100;

    /// <summary>A proposal is positive from this IoU with an object on.</summary>
    public double PositiveIou { get; init; } = 0.5;

    /// <summary>A proposal is background below this IoU with every object.</summary>
    public double NegativeIou { get; init; } = 0.5;

    /// <summary>Proposals per image that the losses are computed on.</summary>
    public int SamplesPerImage { get; init; } = 512;

    /// <summary>The largest share of positives among them.</summary>
    public double PositiveFraction { get; init; } = 0.25;

    /// <summary>Whether background is drawn evenly over its overlap with objects (<see cref="IouBalancedSampler"/>)
    /// rather than at random, as published detectors were trained.</summary>
    public bool BalanceIou { get; init; }
}
