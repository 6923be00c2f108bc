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

    /// <summary>The norm of all gradients together, before clipping; null if it overflowed in float16, so that the step was
    /// skipped.</summary>
    public required double? GradientNorm { get; init; }

    /// <summary>The factor on the losses in float16; null in other precisions.</summary>
    public double? LossScale { get; init; }

    /// <summary>Images per second, including the time spent waiting for data.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>The estimated time for the remaining steps, based on recent ones, without evaluations; with a time budget, the rest of
    /// it.</summary>
    public required TimeSpan Remaining { get; init; }
}
