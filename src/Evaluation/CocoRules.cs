namespace Vision.Evaluation;

/// <summary>The parameters of COCO's evaluation that depend on the kind of result:
/// the thresholds, the size ranges and the metrics in the table.</summary>
public sealed record CocoRules
{
    /// <summary>The minimum overlaps for a hit, ascending.</summary>
    public required IReadOnlyList<double> Thresholds { get; init; }

    /// <summary>The size ranges of objects; the first is "all".</summary>
    public required IReadOnlyList<AreaRange> Areas { get; init; }

    /// <summary>The maximum number of detections that count per class and image, highest scores first.</summary>
    public required int MaxDetections { get; init; }

    /// <summary>The metrics of the table, in order.</summary>
    public required IReadOnlyList<CocoMetric> Figures { get; init; }

    // Computed like numpy's linspace, so that an overlap of exactly .6 falls on the same side as in pycocotools.
    private static readonly double[] thresholds = [.. Enumerable.Range(0, 9).Select(i => i * ((0.95 - 0.5) / 9) + 0.5), 0.95];

    /// <summary>The rules for boxes, and for masks: thresholds .50, .55 … .95, at most 100 detections, twelve metrics.</summary>
    public static CocoRules Boxes { get; } = new()
    {
        Thresholds = thresholds,
        Areas = [AreaRange.All, AreaRange.Small, AreaRange.Medium, AreaRange.Large],
        MaxDetections = 100,
        Figures =
        [
            new("AP", CocoMetricKind.Precision, null, AreaRange.All, 100),
            new("AP50", CocoMetricKind.Precision, 0.5, AreaRange.All, 100),
            new("AP75", CocoMetricKind.Precision, 0.75, AreaRange.All, 100),
            new("APs", CocoMetricKind.Precision, null, AreaRange.Small, 100),
            new("APm", CocoMetricKind.Precision, null, AreaRange.Medium, 100),
            new("APl", CocoMetricKind.Precision, null, AreaRange.Large, 100),
            new("AR1", CocoMetricKind.Recall, null, AreaRange.All, 1),
            new("AR10", CocoMetricKind.Recall, null, AreaRange.All, 10),
            new("AR100", CocoMetricKind.Recall, null, AreaRange.All, 100),
            new("ARs", CocoMetricKind.Recall, null, AreaRange.Small, 100),
            new("ARm", CocoMetricKind.Recall, null, AreaRange.Medium, 100),
            new("ARl", CocoMetricKind.Recall, null, AreaRange.Large, 100),
        ],
    };

    /// <summary>The rules for keypoints: the same thresholds of similarity, at most 20 detections, no small objects, ten metrics.</summary>
    public static CocoRules Keypoints { get; } = new()
    {
        Thresholds = thresholds,
        Areas = [AreaRange.All, AreaRange.Medium, AreaRange.Large],
        MaxDetections = 20,
        Figures =
        [
            new("AP", CocoMetricKind.Precision, null, AreaRange.All, 20, "OKS"),
            new("AP50", CocoMetricKind.Precision, 0.5, AreaRange.All, 20, "OKS"),
            new("AP75", CocoMetricKind.Precision, 0.75, AreaRange.All, 20, "OKS"),
            new("APm", CocoMetricKind.Precision, null, AreaRange.Medium, 20, "OKS"),
            new("APl", CocoMetricKind.Precision, null, AreaRange.Large, 20, "OKS"),
            new("AR", CocoMetricKind.Recall, null, AreaRange.All, 20, "OKS"),
            new("AR50", CocoMetricKind.Recall, 0.5, AreaRange.All, 20, "OKS"),
            new("AR75", CocoMetricKind.Recall, 0.75, AreaRange.All, 20, "OKS"),
            new("ARm", CocoMetricKind.Recall, null, AreaRange.Medium, 20, "OKS"),
            new("ARl", CocoMetricKind.Recall, null, AreaRange.Large, 20, "OKS"),
        ],
    };
}
