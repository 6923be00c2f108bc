namespace Vision.Evaluation;

/// <summary>The errors of one kind.</summary>
/// <param name="Kind">The kind of error.</param>
/// <param name="Count">The number of errors.</param>
/// <param name="Gain">How much AP50 would rise if only these were corrected.</param>
public sealed record ErrorShare(ErrorKind Kind, int Count, double Gain);
