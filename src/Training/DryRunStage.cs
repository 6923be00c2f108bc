namespace Vision.Training;

/// <summary>A stage of a run that a dry run has passed.</summary>
/// <param name="Name">What was done, in a word or two.</param>
/// <param name="What">On what, or with which result.</param>
/// <param name="Time">How long it took.</param>
public sealed record DryRunStage(string Name, string What, TimeSpan Time);
