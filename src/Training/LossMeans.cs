using System.Text.Json.Serialization;

namespace Vision.Training;

/// <summary>The mean losses of an epoch so far. They are stored in the checkpoint, so that a resumed epoch reports the same as an
/// uninterrupted one.</summary>
internal sealed class LossMeans
{
    /// <summary>The sums by name, in the order of the losses.</summary>
    [JsonInclude]
    public Dictionary<string, double> Sums { get; private set; } = [];

    /// <summary>The number of steps in the sums.</summary>
    [JsonInclude]
    public int Steps { get; private set; }

    /// <summary>The mean of the sum of the losses.</summary>
    [JsonIgnore]
    public double Total => Means.Sum(mean => mean.Value);

    /// <summary>The mean of each loss.</summary>
    [JsonIgnore]
    public IReadOnlyList<KeyValuePair<string, double>> Means => [.. Sums.Select(sum => KeyValuePair.Create(sum.Key, sum.Value / Steps))];

    /// <summary>Adds a step.</summary>
    public void Add(IReadOnlyList<KeyValuePair<string, double>> losses)
    {
        foreach (var (name, value) in losses) Sums[name] = Sums.GetValueOrDefault(name) + value;
        Steps++;
    }
}
