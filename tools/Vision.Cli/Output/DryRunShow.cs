using System.Globalization;
using Spectre.Console;
using Vision.Data;
using Vision.Training;

namespace Vision.Cli.Output;

/// <summary>Shows a dry run of training.</summary>
internal static class DryRunShow
{
    /// <summary>Passes every stage once, and prints what was checked.</summary>
    /// <returns>True: otherwise it throws.</returns>
    public static bool Run<TDataset, TBatch, TMetrics>(TrainingSession<TDataset, TBatch, TMetrics> training, CancellationToken cancellation)
        where TDataset : IDataset where TBatch : class, IDisposable where TMetrics : class
    {
        AnsiConsole.WriteLine($"Dry run of {training.Model} {training.WeightsOrigin} on {training.Device}");
        double total = 0;
        foreach (DryRunStage stage in ProgressBar.Show("passing each stage once", _ => training.DryRun(cancellation)))
        {
            total += stage.Time.TotalSeconds;
            AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {stage.Name,-10} {stage.Time.TotalSeconds,6:0.0} s  {stage.What}"));
        }
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"All stages passed in {total:0.0} s. Nothing was left behind; without --dry-run, training starts."));
        return true;
    }
}
