namespace Vision.Training;

/// <summary>How a training ended.</summary>
/// <param name="Finished">Whether it ran to the end; if false, it was canceled before its last epoch ended and can be resumed.</param>
/// <param name="EpochsDone">The number of epochs trained and evaluated, including those before a resume.</param>
/// <param name="Best">The best value of the main metric; null before the first evaluation.</param>
public sealed record TrainingResult(bool Finished, int EpochsDone, double? Best);
