namespace Vision.Evaluation;

/// <summary>How well a detector does: the figures of its task, those of its boxes, and what its errors are.</summary>
public sealed record DetectionMetrics
{
    /// <summary>Of the boxes.</summary>
    public required CocoMetrics Boxes { get; init; }

    /// <summary>Of the masks; null where the detector or the ground truth has none.</summary>
    public CocoMetrics? Masks { get; init; }

    /// <summary>Of the keypoints; null where the detector or the ground truth has none.</summary>
    public CocoMetrics? Keypoints { get; init; }

    /// <summary>What the errors are, of masks where there are some and else of boxes.</summary>
    public required DetectionErrors Errors { get; init; }

    /// <summary>Which classes are taken for which, likewise.</summary>
    public required DetectionConfusion Confusion { get; init; }

    /// <summary>The figures of the task: of masks or keypoints where there are some, else of boxes.</summary>
    public CocoMetrics Main => Masks ?? Keypoints ?? Boxes;

    /// <summary>The main figures by name, then those of the boxes as <c>bbox_AP</c> … where they are not the main ones.</summary>
    public IEnumerable<KeyValuePair<string, double>> Figures() =>
        Main.Results.Select(result => KeyValuePair.Create(result.Figure.Name, result.Value))
        .Concat(Main == Boxes ? [] : Boxes.Results.Select(result => KeyValuePair.Create($"bbox_{result.Figure.Name}", result.Value)));
}
