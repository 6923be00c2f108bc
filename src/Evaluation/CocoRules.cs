namespace Vision.Evaluation;

/// <summary>What of COCO's evaluation depends on the kind of result: the thresholds, the
/// size ranges and the figures in the table.</summary>
public sealed record CocoRules
{
    /// <summary>The overlaps from which a detection counts as a hit, ascending.</summary>
    public required IReadOnlyList<double> Thresholds { get; init; }

    /// <summary>The object sizes that are told apart; the first is "all".</summary>
    public required IReadOnlyList<AreaRange> Areas { get; init; }

    /// <summary>The most detections of one class in one image that count, surest first.</summary>
    public required int MaxDetections { get; init; }

    /// <summary>The figures of the table, in its order.</summary>
    public required IReadOnlyList<CocoFigure> Figures { get; init; }

    // As numpy's linspace computes them, so that an overlap of exactly .6 falls on the same side as in pycocotools.
    private static readonly double[] thresholds = [.. Enumerable.Range(0, 9).Select(i => i * ((0.95 - 0.5) / 9) + 0.5), 0.95];

    /// <summary>The rules for boxes, and for masks: thresholds .50, .55 … .95, at most 100 detections, twelve figures.</summary>
    public static CocoRules Boxes { get; } = new()
    {
        Thresholds = thresholds,
        Areas = [AreaRange.All, AreaRange.Small, AreaRange.Medium, AreaRange.Large],
        MaxDetections = 100,
        Figures =
        [
            new("AP", CocoFigureKind.Precision, null, AreaRange.All, 100),
            new("AP50", CocoFigureKind.Precision, 0.5, AreaRange.All, 100),
            new("AP75", CocoFigureKind.Precision, 0.75, AreaRange.All, 100),
            new("APs", CocoFigureKind.Precision, null, AreaRange.Small, 100),
            new("APm", CocoFigureKind.Precision, null, AreaRange.Medium, 100),
            new("APl", CocoFigureKind.Precision, null, AreaRange.Large, 100),
            new("AR1", CocoFigureKind.Recall, null, AreaRange.All, 1),
            new("AR10", CocoFigureKind.Recall, null, AreaRange.All, 10),
            new("AR100", CocoFigureKind.Recall, null, AreaRange.All, 100),
            new("ARs", CocoFigureKind.Recall, null, AreaRange.Small, 100),
            new("ARm", CocoFigureKind.Recall, null, AreaRange.Medium, 100),
            new("ARl", CocoFigureKind.Recall, null, AreaRange.Large, 100),
        ],
    };

    /// <summary>The rules for keypoints: the same thresholds of similarity, at most 20 detections, no small objects, ten figures.</summary>
    public static CocoRules Keypoints { get; } = new()
    {
        Thresholds = thresholds,
        Areas = [AreaRange.All, AreaRange.Medium, AreaRange.Large],
        MaxDetections = 20,
        Figures =
        [
            new("AP", CocoFigureKind.Precision, null, AreaRange.All, 20, "OKS"),
            new("AP50", CocoFigureKind.Precision, 0.5, AreaRange.All, 20, "OKS"),
            new("AP75", CocoFigureKind.Precision, 0.75, AreaRange.All, 20, "OKS"),
            new("APm", CocoFigureKind.Precision, null, AreaRange.Medium, 20, "OKS"),
            new("APl", CocoFigureKind.Precision, null, AreaRange.Large, 20, "OKS"),
            new("AR", CocoFigureKind.Recall, null, AreaRange.All, 20, "OKS"),
            new("AR50", CocoFigureKind.Recall, 0.5, AreaRange.All, 20, "OKS"),
            new("AR75", CocoFigureKind.Recall, 0.75, AreaRange.All, 20, "OKS"),
            new("ARm", CocoFigureKind.Recall, null, AreaRange.Medium, 20, "OKS"),
            new("ARl", CocoFigureKind.Recall, null, AreaRange.Large, 20, "OKS"),
        ],
    };
}
