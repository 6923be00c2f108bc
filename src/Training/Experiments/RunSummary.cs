using Vision.Evaluation;

namespace Vision.Training;

/// <summary>A run that can be compared with others: what it was told to do, and how well it did in its best epoch.</summary>
public sealed record RunSummary
{
    /// <summary>Its files.</summary>
    public required RunFolder Files { get; init; }

    /// <summary>What it was told to do.</summary>
    public required RunFile Description { get; init; }

    /// <summary>What each validation image contributes to its metric.</summary>
    public required ImageResults Images { get; init; }

    /// <summary>The metric of its best epoch.</summary>
    public required double Score { get; init; }

    /// <summary>The seconds that it took, with its evaluations but without pauses; null if that is not known.</summary>
    public double? Seconds { get; init; }

    /// <summary>Whether it ran to its end.</summary>
    public bool IsFinished { get; init; }

    /// <summary>Reads a run.</summary>
    /// <param name="folder">Its folder.</param>
    /// <exception cref="InputException">It has no files of a run, or a file is damaged.</exception>
    public static RunSummary Read(string folder)
    {
        RunFolder files = RunFolder.At(folder);
        foreach (string file in (string[])[files.RunFile, files.BestImages, files.Best])
            if (!File.Exists(file))
                throw new InputException($"{folder} has no {Path.GetFileName(file)}, so it cannot be compared: it must hold a run that " +
                    "has completed an epoch.");
        ImageResults images = ImageResultsFile.Read(files.BestImages);
        return new()
        {
            Files = files, Description = RunFile.Read(files.RunFile), Images = images, Score = images.Value,
            Seconds = RunRecord.SecondsOf(files), IsFinished = files.Stage == RunStage.Finished,
        };
    }

    /// <summary>Whether a folder holds a run.</summary>
    public static bool IsRun(string folder) => File.Exists(RunFolder.At(folder).RunFile);

    /// <summary>The folders of runs among the given ones: themselves, or those in them that have completed an epoch.</summary>
    /// <exception cref="InputException">A folder does not exist, or holds no such run.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> folders)
    {
        List<string> found = [];
        foreach (string folder in folders)
        {
            if (!Directory.Exists(folder)) throw new InputException($"There is no folder {folder}: give folders of runs.");
            string[] runs = IsRun(folder) ? [folder] : [.. RunsIn(folder).Where(HasResults)];
            if (runs.Length == 0)
                throw new InputException($"{folder} holds no run that has completed an epoch, nor do the folders in it: give " +
                    "folders of runs.");
            found.AddRange(runs);
        }
        return [.. found.DistinctBy(Path.GetFullPath)];
    }

    /// <summary>The runs in the given folders that have not completed an epoch, because they failed or were stopped, and so are left
    /// out.</summary>
    public static IReadOnlyList<string> LeftOut(IEnumerable<string> folders) =>
        [.. folders.Where(folder => !IsRun(folder)).SelectMany(RunsIn).Where(run => !HasResults(run))];

    /// <summary>Reads all runs in the given folders.</summary>
    /// <exception cref="InputException">A folder holds no run, or one that cannot be read.</exception>
    public static IReadOnlyList<RunSummary> ReadAll(IEnumerable<string> folders) => [.. Find(folders).Select(Read)];

    private static IEnumerable<string> RunsIn(string folder) =>
        Directory.EnumerateDirectories(folder).Where(IsRun).Order(StringComparer.Ordinal);

    private static bool HasResults(string folder) => File.Exists(RunFolder.At(folder).BestImages);
}
