namespace Vision.Training;

/// <summary>A step that failed, for messages.</summary>
/// <param name="Epoch">Its epoch, starting at 1.</param>
/// <param name="Step">Its number in the run, starting at 1.</param>
/// <param name="Files">The images of its batch.</param>
internal sealed record FailedStep(int Epoch, int Step, IReadOnlyList<string> Files);
