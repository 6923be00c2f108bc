using System.Globalization;

namespace Vision.Training;

/// <summary>Writes a line to the console every few seconds and one for each epoch.</summary>
public sealed class ConsoleProgress : ITrainingProgress
{
    private static readonly TimeSpan interval = TimeSpan.FromSeconds(10);

    private DateTime next = DateTime.MinValue;
    private int totalSteps;

    /// <inheritdoc/>
    public void Started(int firstStep, int totalSteps)
    {
        this.totalSteps = totalSteps;
        if (firstStep > 0) Console.WriteLine($"Continuing after step {firstStep} of {totalSteps}.");
    }

    /// <inheritdoc/>
    public void Stepped(StepReport step)
    {
        if (DateTime.UtcNow < next) return;
        next = DateTime.UtcNow + interval;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"step {step.Step} of {totalSteps}  epoch {step.Epoch}  loss {step.Loss:F4}  {step.ImagesPerSecond:F1} images/s"));
    }

    /// <inheritdoc/>
    public void Evaluating(int done, int total) { }

    /// <inheritdoc/>
    public void EpochEnded(EpochReport epoch) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"epoch {epoch.Epoch}: loss {epoch.Loss:F4}  {epoch.Validation.Main} " +
            $"{epoch.Validation.MainValue:F3}{(epoch.IsBest ? "  best so far" : "")}"));
}
