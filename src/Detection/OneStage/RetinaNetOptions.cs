namespace Vision.Detection;

/// <summary>What can be chosen about RetinaNet. The defaults are torchvision's.</summary>
public sealed record RetinaNetOptions
{
    /// <summary>The score that a detection must be above: low, since average precision counts the unsure as well.</summary>
    public double ScoreThreshold { get; init; } = 0.05;

    /// <summary>Detections kept per level and image before suppression, by score.</summary>
    public int TopPerLevel { get; init; } = 1000;

    /// <summary>How detections of one object are brought to one.</summary>
    public SuppressionOptions Suppression { get; init; } = new() { IouThreshold = 0.5 };

    /// <summary>The most detections of an image, by score.</summary>
    public int DetectionsPerImage { get; init; } = 300;

    /// <summary>An anchor is positive from this IoU with an object on; lower than in a proposal
    /// network, as the anchors are denser in scale.</summary>
    public double PositiveIou { get; init; } = 0.5;

    /// <summary>An anchor is negative below this IoU with every object; between the two it is not trained on.</summary>
    public double NegativeIou { get; init; } = 0.4;

    /// <summary>The penalty of the boxes' IoU loss in place of the published loss; null for that one,
    /// which is L1 of the deltas, or GIoU in version 2.</summary>
    public BoxOverlapKind? BoxLoss { get; init; }
}
