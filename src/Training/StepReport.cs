namespace Vision.Training;

/// <summary>One training step.</summary>
public sealed record StepReport
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The step in the whole run, from 1.</summary>
    public required int Step { get; init; }

    /// <summary>The rate it was done with.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The sum of the losses.</summary>
    public required double Loss { get; init; }

    /// <summary>The losses by name.</summary>
    public required IReadOnlyList<KeyValuePair<string, double>> Losses { get; init; }

    /// <summary>Images per second, waiting for data included.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>What the steps left will take at the pace of the last ones. Evaluations come on top.</summary>
    public required TimeSpan Remaining { get; init; }
}
