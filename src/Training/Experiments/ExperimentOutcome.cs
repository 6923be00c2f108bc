namespace Vision.Training;

/// <summary>How a run of an experiment ended.</summary>
/// <param name="Run">The run.</param>
/// <param name="IsFinished">Whether it ran to its end.</param>
/// <param name="Failure">Why it failed, in one line; null if it finished or was stopped.</param>
public sealed record ExperimentOutcome(ExperimentRun Run, bool IsFinished, string? Failure = null);
