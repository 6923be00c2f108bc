using Vision.Data;

namespace Vision.Training;

/// <summary>The files of a run.</summary>
public sealed class RunFolder
{
    private const string Root = "runs";

    private RunFolder(string folder) => Folder = folder;

    /// <summary>The folder itself.</summary>
    public string Folder { get; }

    /// <summary>The checkpoint to go on from.</summary>
    public string Last => Path.Combine(Folder, "last.safetensors");

    /// <summary>The weights of the best epoch.</summary>
    public string Best => Path.Combine(Folder, "best.safetensors");

    /// <summary>A row per epoch.</summary>
    public string MetricsCsv => Path.Combine(Folder, "metrics.csv");

    /// <summary>A line per epoch, and per so many steps.</summary>
    public string MetricsJsonl => Path.Combine(Folder, "metrics.jsonl");

    /// <summary>Makes the folder for a new run that nobody named: <c>runs/MODEL-1</c>, or the next number.</summary>
    /// <exception cref="InputException">It cannot be made.</exception>
    public static NumberedFolder CreateFor(string model) => NumberedFolder.Create(Root, model);

    /// <summary>The folder of the latest run of a model in <c>runs</c>.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static string LatestOf(string model) =>
        NumberedFolder.Existing(Root, model).LastOrDefault(folder => File.Exists(At(folder).Last))
        ?? throw new InputException($"There is no run of {model} in {Root} to resume; name its folder with --out.");

    /// <summary>Names the files of a run that is only read.</summary>
    public static RunFolder At(string folder) => new(folder);

    /// <summary>Opens the folder for a run, and makes it where it is missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="resume">Whether the run in it is to go on.</param>
    /// <exception cref="InputException">It holds a run and is not to go on, or the other way round, or it cannot be made.</exception>
    public static RunFolder Open(string folder, bool resume)
    {
        RunFolder run = new(folder);
        bool started = File.Exists(run.Last) || File.Exists(run.Best) || File.Exists(run.MetricsJsonl);
        if (started && !resume)
            throw new InputException($"{folder} already holds a run: go on with it (--resume), or choose another folder (--out).");
        if (resume && !File.Exists(run.Last))
            throw new InputException(
                $"There is nothing to resume in {folder}: it has no {Path.GetFileName(run.Last)}; leave --resume " +
                $"out{(started ? " and choose another folder (--out)" : "")}.");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The folder {folder} cannot be made: {e.Message}", e);
        }
        // A process that was killed while it wrote a checkpoint leaves the part that it had.
        foreach (string part in Directory.EnumerateFiles(folder, ".*.safetensors.*.tmp")) File.Delete(part);
        return run;
    }
}
