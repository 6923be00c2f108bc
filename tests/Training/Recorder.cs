namespace Vision.Training.Tests;

/// <summary>Keeps what the trainer reports.</summary>
internal sealed class Recorder : ITrainingProgress
{
    public List<StepReport> Steps { get; } = [];

    public List<EpochReport> Epochs { get; } = [];

    public int FirstStep { get; private set; }

    public Action<StepReport>? OnStep { get; init; }

    public void Started(int firstStep, int totalSteps) => FirstStep = firstStep;

    public void Stepped(StepReport step)
    {
        Steps.Add(step);
        OnStep?.Invoke(step);
    }

    public void Evaluating(int done, int total) { }

    public void EpochEnded(EpochReport epoch) => Epochs.Add(epoch);
}
