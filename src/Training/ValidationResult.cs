using System.Text.Json.Serialization;
using Vision.Evaluation;

namespace Vision.Training;

/// <summary>The result of an evaluation.</summary>
/// <param name="Metrics">Its metrics by name, in display order.</param>
/// <param name="Main">The name of the metric by which the best checkpoint is chosen; higher is better.</param>
public sealed record ValidationResult(IReadOnlyList<KeyValuePair<string, double>> Metrics, string Main)
{
    /// <summary>What each validation image contributes to the main metric; null if that is not known.</summary>
    [JsonIgnore]
    public ImageResults? Images { get; init; }

    /// <summary>The value of the main metric.</summary>
    public double MainValue => Metrics.First(metric => metric.Key == Main).Value;
}
