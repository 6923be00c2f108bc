using System.Globalization;
using Vision.Evaluation;
using Vision.Weights;

namespace Vision.Training;

/// <summary>The folder of a training run and its files.</summary>
public sealed class RunFolder
{
    private const string Root = "runs";

    private RunFolder(string folder) => Folder = folder;

    /// <summary>The folder itself.</summary>
    public string Folder { get; }

    /// <summary>The checkpoint to resume from.</summary>
    public string Last => Path.Combine(Folder, "last.safetensors");

    /// <summary>The weights of the best epoch.</summary>
    public string Best => Path.Combine(Folder, "best.safetensors");

    /// <summary>The averaged weights after the latest epoch, if weights are averaged.</summary>
    public string Average => Path.Combine(Folder, "average.safetensors");

    /// <summary>The metrics, with one row per epoch.</summary>
    public string MetricsCsv => Path.Combine(Folder, "metrics.csv");

    /// <summary>The metrics and losses, with a line per epoch and per logged step.</summary>
    public string MetricsJsonl => Path.Combine(Folder, "metrics.jsonl");

    /// <summary>What the run was told to do; see <see cref="Vision.Training.RunFile"/>.</summary>
    public string RunFile => Path.Combine(Folder, "run.yaml");

    /// <summary>What each validation image contributes to the metric of the best epoch; see <see cref="ImageResultsFile"/>.</summary>
    public string BestImages => Path.Combine(Folder, "best-images.json.gz");

    /// <summary>The time that the run took so far.</summary>
    public string Time => Path.Combine(Folder, "time.json");

    /// <summary>How far the run is.</summary>
    /// <exception cref="InputException">Its checkpoint is damaged.</exception>
    public RunStage Stage => !File.Exists(Last) ? RunStage.Missing
        : Checkpoint.IsFinished(Last) ? RunStage.Finished : RunStage.Interrupted;

    /// <summary>The weights of one of the best epochs, if several are kept.</summary>
    /// <param name="epoch">The epoch, starting at 1.</param>
    public string OfEpoch(int epoch) => Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"epoch-{epoch}.safetensors"));

    /// <summary>The folder of a failed step, a <see cref="FailureCapsule"/>.</summary>
    /// <param name="number">1 for the first that failed in this run, and so on.</param>
    public string Failure(int number = 1) =>
        Path.Combine(Folder, number == 1 ? "failure" : string.Create(CultureInfo.InvariantCulture, $"failure-{number}"));

    /// <summary>Creates the default folder for a new run: <c>runs/MODEL-1</c>, or the next number.</summary>
    /// <exception cref="InputException">It cannot be created.</exception>
    public static NumberedFolder CreateFor(string model) => NumberedFolder.Create(Root, model);

    /// <summary>The folder of the latest run of a model in <c>runs</c>; empty if there is none.</summary>
    public static string LatestOf(string model) => NumberedFolder.Existing(Root, model).LastOrDefault("");

    /// <summary>The files of an existing run, for reading only.</summary>
    public static RunFolder At(string folder) => new(folder);

    /// <summary>Opens the folder for a run, and creates it if it is missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="resume">Whether to resume the run in it. If it was killed before its first checkpoint, it starts from the beginning,
    /// so that a command with this can be repeated until it succeeds.</param>
    /// <exception cref="InputException">It holds a run that is not to be resumed, or whose checkpoint is lost, or it cannot be
    /// created.</exception>
    public static RunFolder Open(string folder, bool resume)
    {
        RunFolder run = new(folder);
        bool started = File.Exists(run.Last) || File.Exists(run.Best) || File.Exists(run.MetricsJsonl);
        if (started && !resume)
            throw new InputException($"{folder} already holds a run: resume it, or choose another folder.");
        if (File.Exists(run.Best) && !File.Exists(run.Last) && !IsOfFirstEpoch(run.Best))
            throw new InputException(
                $"The run in {folder} cannot be resumed: it has a {Path.GetFileName(run.Best)}, but no {Path.GetFileName(run.Last)}; " +
                "start a new run in another folder.");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The folder {folder} cannot be created: {e.Message}", e);
        }
        // A process killed while writing a checkpoint leaves a partial file.
        foreach (string part in Directory.EnumerateFiles(folder, ".*.safetensors.*.tmp")) File.Delete(part);
        return run;
    }

    /// <summary>Whether weights are of a run's first epoch, which is complete only when the checkpoint is written after them.</summary>
    private static bool IsOfFirstEpoch(string weights) => WeightFile.ReadMetadata(weights).GetValueOrDefault("epoch") == "1";
}
