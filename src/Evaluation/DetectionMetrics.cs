namespace Vision.Evaluation;

/// <summary>The evaluation metrics of a detector: those of its task, those of its boxes, and its errors.</summary>
public sealed record DetectionMetrics
{
    /// <summary>The metrics of the boxes.</summary>
    public required CocoMetrics Boxes { get; init; }

    /// <summary>The metrics of the masks; null if the detector or the ground truth has none.</summary>
    public CocoMetrics? Masks { get; init; }

    /// <summary>The metrics of the keypoints; null if the detector or the ground truth has none.</summary>
    public CocoMetrics? Keypoints { get; init; }

    /// <summary>The errors, of masks if there are any, else of boxes.</summary>
    public required DetectionErrors Errors { get; init; }

    /// <summary>The confusion matrix, of masks if there are any, else of boxes.</summary>
    public required DetectionConfusion Confusion { get; init; }

    /// <summary>The metrics of the task: of masks or keypoints if there are any, else of boxes.</summary>
    public CocoMetrics Main => Masks ?? Keypoints ?? Boxes;

    /// <summary>What each image contributes to the AP of <see cref="Main"/>.</summary>
    public required DetectionImageResults Images { get; init; }

    /// <summary>The main metrics by name, followed by those of the boxes as <c>bbox_AP</c> … unless these are the main ones.</summary>
    public IEnumerable<KeyValuePair<string, double>> Figures() =>
        Main.Results.Select(result => KeyValuePair.Create(result.Figure.Name, result.Value))
            .Concat(Main == Boxes ? [] : Boxes.Results.Select(result => KeyValuePair.Create($"bbox_{result.Figure.Name}", result.Value)));
}
