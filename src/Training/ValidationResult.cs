namespace Vision.Training;

/// <summary>What an evaluation found.</summary>
/// <param name="Metrics">Its figures by name, in the order a person wants to read them.</param>
/// <param name="Main">The name of the one by which the best checkpoint is chosen; higher is better.</param>
public sealed record ValidationResult(IReadOnlyList<KeyValuePair<string, double>> Metrics, string Main)
{
    /// <summary>The value of the main figure.</summary>
    public double MainValue => Metrics.First(metric => metric.Key == Main).Value;
}
