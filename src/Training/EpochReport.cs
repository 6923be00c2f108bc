namespace Vision.Training;

/// <summary>One epoch with its evaluation.</summary>
public sealed record EpochReport
{
    /// <summary>The epoch, starting at 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The steps of the run so far.</summary>
    public required int Step { get; init; }

    /// <summary>The learning rate of its last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The sum of the losses, averaged over its steps.</summary>
    public required double Loss { get; init; }

    /// <summary>Each loss, averaged over its steps.</summary>
    public required IReadOnlyList<KeyValuePair<string, double>> Losses { get; init; }

    /// <summary>The result of the evaluation after it.</summary>
    public required ValidationResult Validation { get; init; }

    /// <summary>The result of the averaged weights; null without averaging.</summary>
    public ValidationResult? AverageValidation { get; init; }

    /// <summary>Whether it is the best epoch so far.</summary>
    public required bool IsBest { get; init; }

    /// <summary>The main metric: the better one, if weights are averaged.</summary>
    public double Score => IsAverageBetter ? AverageValidation!.MainValue : Validation.MainValue;

    /// <summary>Whether the averaged weights are at least as good as those of the last step.</summary>
    public bool IsAverageBetter => AverageValidation?.MainValue >= Validation.MainValue;
}
