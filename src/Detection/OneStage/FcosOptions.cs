namespace Vision.Detection;

/// <summary>The options of FCOS. The defaults are torchvision's.</summary>
public sealed record FcosOptions
{
    /// <summary>The minimum score (exclusive) of a detection, √(class · centerness).</summary>
    public double ScoreThreshold { get; init; } = 0.2;

    /// <summary>Detections kept per level and image before suppression, by score.</summary>
    public int TopPerLevel { get; init; } = 1000;

    /// <summary>How duplicate detections are suppressed; the IoU threshold is the paper's 0.6.</summary>
    public SuppressionOptions Suppression { get; init; } = new() { IouThreshold = 0.6 };

    /// <summary>The maximum number of detections per image; the highest-scoring ones are kept.</summary>
    public int DetectionsPerImage { get; init; } = 100;

    /// <summary>The maximum distance of a positive point from the object's center, in strides of its
    /// level: points near the border predict poorly.</summary>
    public double CenterSamplingRadius { get; init; } = 1.5;
}
