namespace Vision.Data;

/// <summary>Converts a folder of annotated images to another format.</summary>
/// <remarks>The new folder is created under a temporary name and renamed at the end, so it is either complete or absent.</remarks>
public sealed record DatasetConverter
{
    /// <summary>The folder to read.</summary>
    public required string Source { get; init; }

    /// <summary>Its format.</summary>
    public DatasetFormat SourceFormat { get; init; } = DatasetFormat.Auto;

    /// <summary>The splits to convert; empty for all.</summary>
    public IReadOnlyList<string> Splits { get; init; } = [];

    /// <summary>The folder to create.</summary>
    public required string Target { get; init; }

    /// <summary>Its format: COCO, VOC or YOLO.</summary>
    public required DatasetFormat TargetFormat { get; init; }

    /// <summary>Whether to create symbolic links to the source's images, which must then stay in place;
    /// by default images are copied.</summary>
    public bool Link { get; init; }

    /// <summary>Whether to replace an existing data set, including everything else in its folder.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Converts.</summary>
    /// <param name="progress">Receives (images processed, total images).</param>
    /// <param name="cancellation">Cancels the conversion and removes what was written.</param>
    /// <returns>Problems of the source, and data that the new format cannot hold.</returns>
    /// <exception cref="InputException">The source cannot be read, or the target exists or cannot be written.</exception>
    public DatasetReport Run(Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        CheckTarget();
        string[] names = [.. (Splits.Count > 0 ? Splits : DetectionReader.Splits(Source, SourceFormat)).Distinct()];
        DatasetReport report = new();
        (string Name, DetectionDataset Data)[] splits = ReadAll(names);
        foreach (DatasetProblem problem in splits.SelectMany(split => split.Data.Report.Problems)) report.Add(problem);

        string target = Path.GetFullPath(Target).TrimEnd(Path.DirectorySeparatorChar), partial = $"{target}.partial";
        try
        {
            if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
            Directory.CreateDirectory(partial);
            IDatasetWriter writer = Writer(partial);
            int done = 0, total = splits.Sum(split => split.Data.Samples.Count);
            foreach (var (name, data) in splits)
            {
                writer.Write(data, name, report, () =>
                {
                    cancellation.ThrowIfCancellationRequested();
                    progress?.Invoke(++done, total);
                });
            }
            writer.Finish();
            Replace(partial, target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{Target} cannot be written ({exception.Message}); choose another folder.", exception);
        }
        finally
        {
            if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        }
        return report;
    }

    private (string Name, DetectionDataset Data)[] ReadAll(string[] names)
    {
        if (names.Length == 0) throw new InputException($"{Source}: no split to convert.");
        List<(string, DetectionDataset)> splits = [];
        IReadOnlyList<Category>? categories = null;
        foreach (string name in names)
        {
            DetectionDataset data = DetectionReader.Read(Source, SourceFormat, name, categories);
            // All splits use the classes of the first one, so that labels agree.
            categories ??= data.Categories;
            splits.Add((name, data));
        }
        return [.. splits];
    }

    private IDatasetWriter Writer(string folder) => TargetFormat switch
    {
        DatasetFormat.Coco => new CocoWriter(folder, Link),
        DatasetFormat.Voc => new VocWriter(folder, Link),
        DatasetFormat.Yolo => new YoloWriter(folder, Link),
        _ => throw new InputException(
            $"The data format {TargetFormat.ToString().ToLowerInvariant()} cannot be written; choose coco, voc or yolo."),
    };

    private void CheckTarget()
    {
        string source = Path.GetFullPath(Source).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar,
            target = Path.GetFullPath(Target).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        if (source.StartsWith(target, StringComparison.Ordinal) || target.StartsWith(source, StringComparison.Ordinal))
            throw new InputException($"{Target} and the source {Source} lie inside each other; choose a folder outside the source.");
        if (File.Exists(Target)) throw new InputException($"{Target}: this is a file; give a folder that does not exist yet.");
        if (!Directory.Exists(Target) || !Directory.EnumerateFileSystemEntries(Target).Any()) return;
        if (!Overwrite)
            throw new InputException($"{Target} already exists; choose another folder, or allow overwriting.");
        try
        {
            DetectionReader.Detect(Target);
        }
        catch (InputException exception)
        {
            // Replacing deletes everything in a folder, so it must really be a data set.
            throw new InputException($"{Target} already exists and is not a data set that could be replaced; choose another folder.",
                exception);
        }
    }

    private static void Replace(string partial, string target)
    {
        string old = $"{target}.old";
        if (Directory.Exists(target)) Directory.Move(target, old);
        Directory.Move(partial, target);
        if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
    }
}
