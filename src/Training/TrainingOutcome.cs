namespace Vision.Training;

/// <summary>The result of a training run.</summary>
/// <typeparam name="TMetrics">The metrics of the kind of model.</typeparam>
public sealed record TrainingOutcome<TMetrics> where TMetrics : class
{
    /// <summary>Whether training ran to the end; if false, it was stopped before its last epoch ended and can be resumed.</summary>
    public required bool Finished { get; init; }

    /// <summary>Why it ended before its last epoch, such as early stopping; null if it did not.</summary>
    public string? EndedBecause { get; init; }

    /// <summary>The files of the run.</summary>
    public required RunFolder Files { get; init; }

    /// <summary>The weights file of the best epoch, which can be loaded as a trained model.</summary>
    public string Best => Files.Best;

    /// <summary>The folder with the checkpoints, metrics and plots.</summary>
    public string Folder => Files.Folder;

    /// <summary>The metrics of the last epoch, of the averaged weights if there are any; null if none was evaluated.</summary>
    public TMetrics? Metrics { get; init; }

    /// <summary>One line about images that could not be read during training; empty if there were none.</summary>
    public required string UnreadableImages { get; init; }
}
