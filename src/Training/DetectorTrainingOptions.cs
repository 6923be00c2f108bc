using Vision.Data;
using Vision.Detection;

namespace Vision.Training;

/// <summary>How a detector is trained.</summary>
public sealed record DetectorTrainingOptions : TrainingOptions
{
    /// <summary>A backbone in place of the one in the model's name.</summary>
    public string? Backbone { get; init; }

    /// <summary>
    /// The shorter side that images are resized to, in pixels; null for that of the published model, mostly 800. Smaller is faster, but
    /// misses small objects. Models with square inputs, SSD and YOLO, use a single side: the smaller of the two given.
    /// </summary>
    public int? MinSize { get; init; }

    /// <summary>The maximum length of the longer side after resizing, in pixels;
    /// null for that of the published model, mostly 1333.</summary>
    public int? MaxSize { get; init; }

    /// <summary>The augmentation of training images, besides flipping and color jitter.</summary>
    public AugmentationKind Augmentation { get; init; } = AugmentationKind.Flip;

    /// <summary>Changes any other option of the network; receives the published model's options with the settings made here.</summary>
    public Func<DetectorOptions, DetectorOptions>? Configure { get; init; }

    /// <summary>The network's options for a data set.</summary>
    internal DetectorOptions Network(string model, DetectionDataset training)
    {
        DetectorOptions published = DetectorCatalog.DefaultsOf(model, training.Categories.Count + 1);
        bool isSquare = published.MinSize == published.MaxSize;
        DetectorOptions options = published with
        {
            Backbone = Backbone,
            NumKeypoints = DetectorCatalog.ArchitectureOf(model).Task == DetectorTask.Keypoint
                ? KeypointsOf(training) : published.NumKeypoints,
            MinSize = MinSize ?? (isSquare ? MaxSize : null) ?? published.MinSize,
            MaxSize = MaxSize ?? (isSquare ? MinSize : null) ?? published.MaxSize,
        };
        return Configure?.Invoke(options) ?? options;
    }

    private static int KeypointsOf(DetectionDataset data)
    {
        int[] counts = [.. data.Categories.Select(category => category.Keypoints.Count).Where(count => count > 0).Distinct()];
        return counts switch
        {
            [int count] => count,
            [] => throw new InputException(
                $"A keypoint detector needs keypoints, but {data.Name} has none: " +
                "use COCO annotations whose categories name their keypoints."),
            _ => throw new InputException(
                $"The categories of {data.Name} have {string.Join(" and ", counts)} keypoints, but a keypoint detector predicts one " +
                "number of them: train on one kind of object at a time."),
        };
    }
}
