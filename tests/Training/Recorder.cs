namespace Vision.Training.Tests;

/// <summary>Keeps what the trainer reports.</summary>
internal sealed class Recorder : TrainingCallback
{
    public List<StepReport> Steps { get; } = [];

    public List<EpochReport> Epochs { get; } = [];

    public int FirstStep { get; private set; }

    public Action<StepReport>? OnStep { get; init; }

    public override void Started(TrainingRun run) => FirstStep = run.Step;

    public override void StepEnded(TrainingRun run, StepReport step)
    {
        Steps.Add(step);
        OnStep?.Invoke(step);
    }

    public override void EpochEnded(TrainingRun run, EpochReport epoch) => Epochs.Add(epoch);
}
