namespace Vision.Detection;

/// <summary>What can be chosen about SSD. The defaults are torchvision's for SSD300; SSDlite has others,
/// which <see cref="DetectorCatalog.DefaultsOf"/> gives.</summary>
public sealed record SsdOptions
{
    /// <summary>The score that a detection must be above: low, since average precision counts the unsure as well.</summary>
    public double ScoreThreshold { get; init; } = 0.01;

    /// <summary>Detections kept per class and image before suppression, by score.</summary>
    public int TopPerClass { get; init; } = 400;

    /// <summary>How detections of one object are brought to one.</summary>
    public SuppressionOptions Suppression { get; init; } = new() { IouThreshold = 0.45 };

    /// <summary>The most detections of an image, by score.</summary>
    public int DetectionsPerImage { get; init; } = 200;

    /// <summary>A default box is positive from this IoU with an object on, and the best of each object always.</summary>
    public double PositiveIou { get; init; } = 0.5;

    /// <summary>How many negatives are trained on for each positive of an image: those of the largest loss.</summary>
    public double NegativesPerPositive { get; init; } = 3;

    /// <summary>
    /// SSDlite on MobileNetV3: whether the last stage is half as wide, as that of the published weights and of
    /// torchvision's fresh networks is. Without it, a classifier's weights fit.
    /// </summary>
    public bool ReducedTail { get; init; } = true;
}
