namespace Vision.Training;

/// <summary>One epoch with its evaluation.</summary>
public sealed record EpochReport
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The steps of the run so far.</summary>
    public required int Step { get; init; }

    /// <summary>The rate of its last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The mean over its steps of the sum of the losses.</summary>
    public required double Loss { get; init; }

    /// <summary>The mean over its steps of each loss.</summary>
    public required IReadOnlyList<KeyValuePair<string, double>> Losses { get; init; }

    /// <summary>What the evaluation after it found.</summary>
    public required ValidationResult Validation { get; init; }

    /// <summary>Whether it is the best epoch so far.</summary>
    public required bool IsBest { get; init; }
}
