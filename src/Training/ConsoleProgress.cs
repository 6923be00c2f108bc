using System.Globalization;

namespace Vision.Training;

/// <summary>Writes a line to the console every few seconds and one for each epoch.</summary>
public sealed class ConsoleProgress : TrainingCallback
{
    private static readonly TimeSpan interval = TimeSpan.FromSeconds(10);

    private DateTime next = DateTime.MinValue;

    /// <inheritdoc/>
    public override void Started(TrainingRun run)
    {
        if (run.Step > 0) Console.WriteLine($"Continuing after step {run.Step} of {run.TotalSteps}.");
    }

    /// <inheritdoc/>
    public override void StepEnded(TrainingRun run, StepReport step)
    {
        if (DateTime.UtcNow < next) return;
        next = DateTime.UtcNow + interval;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"step {step.Step} of {run.TotalSteps}  epoch {step.Epoch}  loss {step.Loss:F4}  {step.ImagesPerSecond:F1} images/s"));
    }

    /// <inheritdoc/>
    public override void EpochEnded(TrainingRun run, EpochReport epoch) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"epoch {epoch.Epoch}: loss {epoch.Loss:F4}  {epoch.Validation.Main} " +
            $"{epoch.Score:F3}{(epoch.IsBest ? "  best so far" : "")}"));
}
