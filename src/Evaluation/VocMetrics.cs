namespace Vision.Evaluation;

/// <summary>The metrics of an evaluation by Pascal VOC's rules.</summary>
public sealed record VocMetrics
{
    /// <summary>How average precision was computed.</summary>
    public required VocRules Rules { get; init; }

    /// <summary>The metrics of each class, in the order of the data set.</summary>
    public required IReadOnlyList<VocCategoryMetrics> PerCategory { get; init; }

    /// <summary>The mean over the classes that have objects, in [0, 1]; −1 if there are none.</summary>
    public double MeanAP => PerCategory.Where(category => category.AP >= 0).Select(category => category.AP).DefaultIfEmpty(-1).Average();
}
