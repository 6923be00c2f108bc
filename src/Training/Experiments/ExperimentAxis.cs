namespace Vision.Training;

/// <summary>An option of an experiment and the values to try.</summary>
/// <param name="Option">The option's name, such as <c>backbone</c>.</param>
/// <param name="Values">Its values, as text.</param>
public sealed record ExperimentAxis(string Option, IReadOnlyList<string> Values);
