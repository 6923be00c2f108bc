namespace Vision.Training;

/// <summary>What a training left behind.</summary>
/// <typeparam name="TMetrics">The figures of the model's kind.</typeparam>
public sealed record TrainingOutcome<TMetrics> where TMetrics : class
{
    /// <summary>False where the training was stopped before its last epoch ended; it can be resumed.</summary>
    public required bool Finished { get; init; }

    /// <summary>The files of the run.</summary>
    public required RunFolder Files { get; init; }

    /// <summary>The file with the weights of the best epoch, to be loaded as a trained model.</summary>
    public string Best => Files.Best;

    /// <summary>The folder with the checkpoints, figures and plots.</summary>
    public string Folder => Files.Folder;

    /// <summary>The figures of the last epoch; null where none was evaluated.</summary>
    public TMetrics? Metrics { get; init; }

    /// <summary>One line on the images that could not be read on the way; empty where all could.</summary>
    public required string UnreadableImages { get; init; }
}
