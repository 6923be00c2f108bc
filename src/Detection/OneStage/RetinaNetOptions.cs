namespace Vision.Detection;

/// <summary>The options of RetinaNet. The defaults are torchvision's.</summary>
public sealed record RetinaNetOptions
{
    /// <summary>The minimum score (exclusive) of a detection: low, since average precision also counts uncertain ones.</summary>
    public double ScoreThreshold { get; init; } = 0.05;

    /// <summary>Detections kept per level and image before suppression, by score.</summary>
    public int TopPerLevel { get; init; } = 1000;

    /// <summary>How duplicate detections are suppressed.</summary>
    public SuppressionOptions Suppression { get; init; } = new() { IouThreshold = 0.5 };

    /// <summary>The maximum number of detections per image, by score.</summary>
    public int DetectionsPerImage { get; init; } = 300;

    /// <summary>The minimum IoU with an object for a positive anchor; lower than in a proposal
    /// network, since the anchors are denser in scale.</summary>
    public double PositiveIou { get; init; } = 0.5;

    /// <summary>An anchor is negative below this IoU with every object; between the two thresholds it is ignored.</summary>
    public double NegativeIou { get; init; } = 0.4;

    /// <summary>The kind of IoU loss for boxes; null for the published loss,
    /// which is L1 of the deltas, or GIoU in version 2.</summary>
    public IouLossKind? BoxLoss { get; init; }
}
