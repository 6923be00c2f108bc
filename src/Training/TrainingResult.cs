namespace Vision.Training;

/// <summary>How a training ended.</summary>
/// <param name="Finished">Whether it ran to its end; if false, it was canceled before and can be resumed.</param>
/// <param name="EpochsDone">The number of epochs trained and evaluated, including those before a resume.</param>
/// <param name="Best">The best value of the main metric; null before the first evaluation.</param>
/// <param name="EndedBecause">Why it ended before its last epoch, such as early stopping; null if it did not.</param>
public sealed record TrainingResult(bool Finished, int EpochsDone, double? Best, string? EndedBecause = null);
