namespace Vision.Training;

/// <summary>How a training ended.</summary>
/// <param name="Finished">False where it was canceled before its last epoch ended; it can be resumed.</param>
/// <param name="EpochsDone">The epochs that were trained and evaluated, those before a resume included.</param>
/// <param name="Best">The best value of the main metric; null before the first evaluation.</param>
public sealed record TrainingResult(bool Finished, int EpochsDone, double? Best);
