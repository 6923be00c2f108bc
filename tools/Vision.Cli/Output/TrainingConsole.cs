using System.Globalization;
using Spectre.Console;
using Vision.Training;
using ValidationResult = Vision.Training.ValidationResult;

namespace Vision.Cli.Output;

/// <summary>Shows a training run on the console: its steps, and a row of metrics for each epoch.</summary>
internal sealed class TrainingConsole : TrainingCallback
{
    private readonly IAnsiConsole console;
    private readonly IStepDisplay display;
    private bool hasHeader;

    private TrainingConsole(IAnsiConsole console, IStepDisplay display) => (this.console, this.display) = (console, display);

    /// <summary>Runs training with progress reports on the console.</summary>
    public static TResult Show<TResult>(Func<TrainingCallback, TResult> train)
    {
        IAnsiConsole console = AnsiConsole.Console;
        return ProgressBar.IsPossible(console)
            ? ProgressBar.On(console).Start(context => train(new TrainingConsole(console, new BarDisplay(context))))
            : train(new TrainingConsole(console, new LineDisplay(console.Profile.Out.Writer)));
    }

    /// <inheritdoc/>
    public override void Started(TrainingRun run)
    {
        if (run.Step > 0) console.WriteLine($"Resuming after step {run.Step} of {run.TotalSteps}.");
        else if (run.Options.Resume) console.WriteLine($"{run.Files.Folder} has no checkpoint yet: starting from the beginning.");
    }

    /// <inheritdoc/>
    public override void StepEnded(TrainingRun run, StepReport step) => display.Show(step, run.TotalSteps);

    /// <inheritdoc/>
    public override void Evaluating(TrainingRun run, int done, int total) => display.ShowEvaluation(done, total);

    /// <inheritdoc/>
    public override void EpochEnded(TrainingRun run, EpochReport epoch)
    {
        if (!hasHeader)
            console.WriteLine(
                $"{"epoch",5} {"loss",8} {string.Join(' ', epoch.Validation.Metrics.Select(metric => metric.Key.PadLeft(6)))}");
        hasHeader = true;
        WriteRow(epoch, epoch.Validation, epoch.IsBest && !epoch.IsAverageBetter);
        if (epoch.AverageValidation is { } average) WriteRow(epoch, average, epoch.IsBest && epoch.IsAverageBetter, "EMA");
    }

    private void WriteRow(EpochReport epoch, ValidationResult validation, bool isBest, string? name = null)
    {
        var figures = validation.Metrics.Select(metric => Figure(metric.Value).PadLeft(metric.Key.Length));
        console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name ?? epoch.Epoch.ToString(CultureInfo.InvariantCulture),5} {epoch.Loss,8:F4} {string.Join(' ', figures)}" +
                $"{(isBest ? "  best so far" : "")}"));
    }

    private static string Figure(double value) =>
        value < 0
            ? $"{"–",6}"
            : value.ToString(value > 1 && value == Math.Floor(value) ? "F0" : "F3", CultureInfo.InvariantCulture).PadLeft(6);
}
