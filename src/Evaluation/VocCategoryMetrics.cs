using Vision.Data;

namespace Vision.Evaluation;

/// <summary>The metrics of one class by Pascal VOC's rules.</summary>
public sealed record VocCategoryMetrics
{
    /// <summary>The class.</summary>
    public required Category Category { get; init; }

    /// <summary>Number of objects to find, without difficult ones.</summary>
    public required int Objects { get; init; }

    /// <summary>Average precision at IoU 0.5, in [0, 1]; −1 if there are no objects.</summary>
    public required double AP { get; init; }

    /// <summary>Precision after each detection, highest score first.</summary>
    public required IReadOnlyList<double> Precisions { get; init; }

    /// <summary>Recall after each detection, ascending.</summary>
    public required IReadOnlyList<double> Recalls { get; init; }
}
