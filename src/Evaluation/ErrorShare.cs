namespace Vision.Evaluation;

/// <summary>The errors of one kind.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Gain">By how much AP50 would rise if these alone were mended.</param>
public sealed record ErrorShare(ErrorKind Kind, int Count, double Gain);
