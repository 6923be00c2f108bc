namespace Vision.Detection;

/// <summary>The options of the YOLO detectors.</summary>
public sealed record YoloOptions
{
    /// <summary>Channels of the neck and the heads: 256, as in the largest map of YOLOv3 and in YOLOX-L.</summary>
    public int Width { get; init; } = 256;

    /// <summary>The minimum score (objectness · class, exclusive) of a detection: low, since
    /// average precision also counts uncertain ones.</summary>
    public double ScoreThreshold { get; init; } = 0.01;

    /// <summary>Detections kept per level and image before suppression, by score.</summary>
    public int TopPerLevel { get; init; } = 1000;

    /// <summary>How duplicate detections are suppressed; the IoU threshold is YOLOX's 0.65.</summary>
    public SuppressionOptions Suppression { get; init; } = new() { IouThreshold = 0.65 };

    /// <summary>The maximum number of detections per image, by score: 100, as COCO counts.</summary>
    public int DetectionsPerImage { get; init; } = 100;
}
