namespace Vision.Training;

/// <summary>The time that a run with a time budget has spent, in seconds.</summary>
/// <param name="Total">Since its beginning, without the pauses before resumes.</param>
/// <param name="Evaluation">The longest evaluation so far, with the writing of its files.</param>
internal sealed record SpentTime(double Total, double Evaluation);
