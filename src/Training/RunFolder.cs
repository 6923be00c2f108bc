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

    /// <summary>The metrics, with one row per epoch.</summary>
    public string MetricsCsv => Path.Combine(Folder, "metrics.csv");

    /// <summary>The metrics and losses, with a line per epoch and per logged step.</summary>
    public string MetricsJsonl => Path.Combine(Folder, "metrics.jsonl");

    /// <summary>Creates the default folder for a new run: <c>runs/MODEL-1</c>, or the next number.</summary>
    /// <exception cref="InputException">It cannot be created.</exception>
    public static NumberedFolder CreateFor(string model) => NumberedFolder.Create(Root, model);

    /// <summary>The folder of the latest run of a model in <c>runs</c>.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static string LatestOf(string model) =>
        NumberedFolder.Existing(Root, model).LastOrDefault(folder => File.Exists(At(folder).Last))
        ?? throw new InputException($"There is no run of {model} in {Root} to resume; name the folder of the run.");

    /// <summary>The files of an existing run, for reading only.</summary>
    public static RunFolder At(string folder) => new(folder);

    /// <summary>Opens the folder for a run, and creates it if it is missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="resume">Whether to resume the run in it.</param>
    /// <exception cref="InputException">It holds a run that is not to be resumed, or no run to resume, or it cannot be created.</exception>
    public static RunFolder Open(string folder, bool resume)
    {
        RunFolder run = new(folder);
        bool started = File.Exists(run.Last) || File.Exists(run.Best) || File.Exists(run.MetricsJsonl);
        if (started && !resume)
            throw new InputException($"{folder} already holds a run: resume it, or choose another folder.");
        if (resume && !File.Exists(run.Last))
            throw new InputException(
                $"There is nothing to resume in {folder}: it has no {Path.GetFileName(run.Last)}; start a new run " +
                    $"{(started ? "in another folder" : "instead")}.");
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
}
