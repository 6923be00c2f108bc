using Vision.Evaluation;

namespace Vision.Training;

/// <summary>Runs that differ in nothing but the seed, with the mean and the spread of their metric.</summary>
public sealed record ComparedGroup
{
    /// <summary>The runs, by seed.</summary>
    public required IReadOnlyList<RunSummary> Runs { get; init; }

    /// <summary>The options that tell it from the other groups, with their values; those of the network, and the model, too.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Choices { get; init; }

    /// <summary>By how much its metric exceeds that of the best group; null for the best one itself, or if the two were evaluated on
    /// different images.</summary>
    public MetricDifference? Difference { get; init; }

    /// <summary>The mean of the metric.</summary>
    public double Mean => Runs.Average(run => run.Score);

    /// <summary>The sample standard deviation of the metric over the seeds; null for a single run.</summary>
    public double? Deviation => Runs.Count == 1 ? null
        : Math.Sqrt(Runs.Sum(run => (run.Score - Mean) * (run.Score - Mean)) / (Runs.Count - 1));

    /// <summary>The mean training time of a run in seconds; null if it is not known.</summary>
    public double? Seconds => Runs.Average(run => run.Seconds);

    /// <summary>The run with the best metric.</summary>
    public RunSummary Best => Runs.MaxBy(run => run.Score)!;

    /// <summary>In words what tells it from the others.</summary>
    public string Name => Choices.Count == 0 ? Runs[0].Description.Model : string.Join(", ", Choices.Select(choice => choice.Value));
}
