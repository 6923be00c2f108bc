using System.Diagnostics;
using System.Text.Json;
using Vision.Evaluation;
using Vision.Weights;

namespace Vision.Training;

/// <summary>Writes what later comparisons of runs need: what the run was told to do when it begins, after each epoch the time that it took
/// so far, and what each validation image contributed to the best epoch's metric.</summary>
/// <param name="describe">Describes the run.</param>
internal sealed class RunRecord(Func<RunFile> describe) : TrainingCallback
{
    private readonly Stopwatch clock = new();
    private double before;

    /// <summary>The seconds that a run took so far, with its evaluations but without pauses; null if that is not known.</summary>
    public static double? SecondsOf(RunFolder run)
    {
        if (!File.Exists(run.Time)) return null;
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(run.Time))?.GetValueOrDefault("seconds");
        }
        catch (JsonException e)
        {
            throw new InputException($"{run.Time}: not the time of a run ({e.Message}); delete the file.", e);
        }
    }

    /// <inheritdoc/>
    public override void Started(TrainingRun run)
    {
        // A run that is resumed was described when it began; one that never reached a checkpoint begins anew.
        bool begins = run.Step == 0 && run.Epoch == 0;
        before = begins ? 0 : SecondsOf(run.Files) ?? 0;
        if (begins || !File.Exists(run.Files.RunFile)) describe().Write(run.Files.RunFile);
        clock.Restart();
    }

    /// <inheritdoc/>
    public override void EpochEnded(TrainingRun run, EpochReport epoch)
    {
        ValidationResult better = epoch.IsAverageBetter ? epoch.AverageValidation! : epoch.Validation;
        if (epoch.IsBest && better.Images is { } images)
            AtomicFile.Write(run.Files.BestImages, stream => ImageResultsFile.Write(stream, images));
        WriteTime(run);
    }

    /// <inheritdoc/>
    public override void Ended(TrainingRun run, TrainingResult result) => WriteTime(run);

    private void WriteTime(TrainingRun run) => AtomicFile.Write(run.Files.Time, stream =>
        JsonSerializer.Serialize(stream,
            new Dictionary<string, double> { ["seconds"] = Math.Round(before + clock.Elapsed.TotalSeconds, 3) }));
}
