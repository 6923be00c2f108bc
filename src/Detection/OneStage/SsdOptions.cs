namespace Vision.Detection;

/// <summary>The options of SSD. The defaults are torchvision's for SSD300; for SSDlite's,
/// see <see cref="DetectorCatalog.DefaultsOf"/>.</summary>
public sealed record SsdOptions
{
    /// <summary>The minimum score (exclusive) of a detection: low, since average precision also counts uncertain ones.</summary>
    public double ScoreThreshold { get; init; } = 0.01;

    /// <summary>Detections kept per class and image before suppression, by score.</summary>
    public int TopPerClass { get; init; } = 400;

    /// <summary>How duplicate detections are suppressed.</summary>
    public SuppressionOptions Suppression { get; init; } = new() { IouThreshold = 0.45 };

    /// <summary>The maximum number of detections per image, by score.</summary>
    public int DetectionsPerImage { get; init; } = 200;

    /// <summary>The minimum IoU with an object for a positive default box; the best box of each object is always positive.</summary>
    public double PositiveIou { get; init; } = 0.5;

    /// <summary>The number of negatives for each positive of an image: those with the largest loss.</summary>
    public double NegativesPerPositive { get; init; } = 3;

    /// <summary>
    /// SSDlite with MobileNetV3: whether the last stage is half as wide, as in the published weights and in
    /// torchvision's new networks. If not, a classifier's weights fit.
    /// </summary>
    public bool ReducedTail { get; init; } = true;
}
