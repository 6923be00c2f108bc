namespace Vision.Evaluation;

/// <summary>The metrics of an evaluation by COCO's rules.</summary>
public sealed record CocoMetrics
{
    /// <summary>The rows of the table, in order.</summary>
    public required IReadOnlyList<CocoResult> Results { get; init; }

    /// <summary>The metrics of each class, in the order of the data set.</summary>
    public required IReadOnlyList<CategoryMetrics> PerCategory { get; init; }

    /// <summary>Remarks for readers of the metrics, one line each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>What each image contributes to <see cref="AP"/>, by class; images are numbered by their ids' ranks.</summary>
    internal IReadOnlyList<DetectionClassResults> ClassResults { get; init; } = [];

    /// <summary>Mean average precision over IoU 0.50:0.95, in [0, 1]; −1 if there is no ground truth.</summary>
    public double AP => this["AP"];

    /// <summary>Mean average precision at IoU 0.5, in [0, 1]; −1 if there is no ground truth.</summary>
    public double AP50 => this["AP50"];

    /// <summary>Mean average precision at IoU 0.75, in [0, 1]; −1 if there is no ground truth.</summary>
    public double AP75 => this["AP75"];

    /// <summary>The metric of that name, in [0, 1]; −1 if the ground truth has no object of its size.</summary>
    /// <exception cref="KeyNotFoundException">The rules have no such metric.</exception>
    public double this[string name] => Results.FirstOrDefault(result => result.Figure.Name == name)?.Value
        ?? throw new KeyNotFoundException(
            $"There is no metric '{name}'; the metrics are {string.Join(", ", Results.Select(result => result.Figure.Name))}.");

    /// <summary>Precision at recalls 0, 0.01 … 1 for IoU 0.5, averaged over the classes that
    /// have ground truth: 101 values, or none.</summary>
    public IReadOnlyList<double> MeanPrecisionAtRecall()
    {
        var curves = PerCategory.Select(category => category.PrecisionAtRecall).Where(curve => curve.Count > 0).ToList();
        return curves.Count == 0 ? [] : [.. Enumerable.Range(0, curves[0].Count).Select(i => curves.Average(curve => curve[i]))];
    }
}
