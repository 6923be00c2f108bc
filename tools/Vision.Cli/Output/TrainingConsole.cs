using System.Globalization;
using Spectre.Console;
using Vision.Training;

namespace Vision.Cli.Output;

/// <summary>Shows a training run on the console: its steps, and a row of metrics for each epoch.</summary>
internal sealed class TrainingConsole : ITrainingProgress
{
    private readonly IAnsiConsole console;
    private readonly IStepDisplay display;
    private bool hasHeader;
    private int totalSteps;

    private TrainingConsole(IAnsiConsole console, IStepDisplay display) => (this.console, this.display) = (console, display);

    /// <summary>Runs training with progress reports on the console.</summary>
    public static TResult Show<TResult>(Func<ITrainingProgress, TResult> train)
    {
        IAnsiConsole console = AnsiConsole.Console;
        return ProgressBar.IsPossible(console)
            ? ProgressBar.On(console).Start(context => train(new TrainingConsole(console, new BarDisplay(context))))
            : train(new TrainingConsole(console, new LineDisplay(console.Profile.Out.Writer)));
    }

    /// <inheritdoc/>
    public void Started(int firstStep, int totalSteps)
    {
        this.totalSteps = totalSteps;
        if (firstStep > 0) console.WriteLine($"Resuming after step {firstStep} of {totalSteps}.");
    }

    /// <inheritdoc/>
    public void Stepped(StepReport step) => display.Show(step, totalSteps);

    /// <inheritdoc/>
    public void Evaluating(int done, int total) => display.ShowEvaluation(done, total);

    /// <inheritdoc/>
    public void EpochEnded(EpochReport epoch)
    {
        if (!hasHeader)
            console.WriteLine(
                $"{"epoch",5} {"loss",8} {string.Join(' ', epoch.Validation.Metrics.Select(metric => metric.Key.PadLeft(6)))}");
        hasHeader = true;
        var figures = epoch.Validation.Metrics.Select(metric => Figure(metric.Value).PadLeft(metric.Key.Length));
        console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{epoch.Epoch,5} {epoch.Loss,8:F4} {string.Join(' ', figures)}{(epoch.IsBest ? "  best so far" : "")}"));
    }

    private static string Figure(double value) =>
        value < 0
            ? $"{"–",6}"
            : value.ToString(value > 1 && value == Math.Floor(value) ? "F0" : "F3", CultureInfo.InvariantCulture).PadLeft(6);
}
