namespace Vision.Training;

/// <summary>One training step.</summary>
public sealed record StepReport
{
    /// <summary>The epoch, starting at 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The step in the whole run, starting at 1.</summary>
    public required int Step { get; init; }

    /// <summary>The learning rate of the step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The sum of the losses.</summary>
    public required double Loss { get; init; }

    /// <summary>The losses by name.</summary>
    public required IReadOnlyList<KeyValuePair<string, double>> Losses { get; init; }

    /// <summary>Images per second, including the time spent waiting for data.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>The estimated time for the remaining steps, based on recent ones, without evaluations.</summary>
    public required TimeSpan Remaining { get; init; }
}
