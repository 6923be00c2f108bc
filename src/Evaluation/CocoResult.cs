namespace Vision.Evaluation;

/// <summary>A figure with its value.</summary>
/// <param name="Figure">What it is.</param>
/// <param name="Value">In [0, 1]; −1 where it does not exist.</param>
/// <param name="WhyMissing">Why it is −1, such as "no ground truth in 'large'"; null where there is a value.</param>
public sealed record CocoResult(CocoFigure Figure, double Value, string? WhyMissing);
