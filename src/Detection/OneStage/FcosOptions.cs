namespace Vision.Detection;

/// <summary>What can be chosen about FCOS. The defaults are torchvision's.</summary>
public sealed record FcosOptions
{
    /// <summary>The score that a detection must be above, √(class · centerness).</summary>
    public double ScoreThreshold { get; init; } = 0.2;

    /// <summary>Detections kept per level and image before suppression, by score.</summary>
    public int TopPerLevel { get; init; } = 1000;

    /// <summary>How detections of one object are brought to one; 0.6, as the paper has it.</summary>
    public SuppressionOptions Suppression { get; init; } = new() { IouThreshold = 0.6 };

    /// <summary>The most detections of an image, by score.</summary>
    public int DetectionsPerImage { get; init; } = 100;

    /// <summary>How far from an object's center a point may lie to learn it, in strides of its
    /// level: points near the border predict poorly.</summary>
    public double CenterSamplingRadius { get; init; } = 1.5;
}
