namespace Vision.Detection;

/// <summary>What can be chosen about the YOLO detectors.</summary>
public sealed record YoloOptions
{
    /// <summary>Channels of the neck and the heads: 256, as of the largest map of YOLOv3 and of YOLOX-L.</summary>
    public int Width { get; init; } = 256;

    /// <summary>The score (objectness · class) that a detection must be above: low, since
    /// average precision counts the unsure as well.</summary>
    public double ScoreThreshold { get; init; } = 0.01;

    /// <summary>Detections kept per level and image before suppression, by score.</summary>
    public int TopPerLevel { get; init; } = 1000;

    /// <summary>How detections of one object are brought to one; YOLOX's 0.65.</summary>
    public SuppressionOptions Suppression { get; init; } = new() { IouThreshold = 0.65 };

    /// <summary>The most detections of an image, by score: 100, as COCO counts.</summary>
    public int DetectionsPerImage { get; init; } = 100;
}
