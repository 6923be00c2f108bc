namespace Vision.Evaluation;

/// <summary>The figures of one class.</summary>
/// <param name="Figures">In the order of <see cref="CocoRules.Figures"/>; null if the class has no object of that size.</param>
/// <param name="Curve">Precision at each of <see cref="PrecisionRecall.Recalls"/> for the lowest threshold and all sizes; null if the class
/// has no object.</param>
internal sealed record CategoryScores(double?[] Figures, double[]? Curve);
