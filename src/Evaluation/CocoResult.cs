namespace Vision.Evaluation;

/// <summary>A metric with its value.</summary>
/// <param name="Figure">The metric.</param>
/// <param name="Value">In [0, 1]; −1 if it is undefined.</param>
/// <param name="WhyMissing">Why it is undefined, such as "no ground truth in 'large'"; null if it has a value.</param>
public sealed record CocoResult(CocoMetric Figure, double Value, string? WhyMissing);
