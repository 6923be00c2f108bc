namespace Vision.Data;

/// <summary>Turns a folder of annotated images into one of another format.</summary>
/// <remarks>The new folder is made under another name and renamed at the end: it is whole or not there.</remarks>
public sealed record DatasetConverter
{
    /// <summary>The folder to read.</summary>
    public required string Source { get; init; }

    /// <summary>Its format.</summary>
    public DatasetFormat SourceFormat { get; init; } = DatasetFormat.Auto;

    /// <summary>The splits to convert; empty for all.</summary>
    public IReadOnlyList<string> Splits { get; init; } = [];

    /// <summary>The folder to make.</summary>
    public required string Target { get; init; }

    /// <summary>Its format: COCO, VOC or YOLO.</summary>
    public required DatasetFormat TargetFormat { get; init; }

    /// <summary>Whether images become symbolic links to those of the source, which must then stay
    /// where they are; by default they are copied.</summary>
    public bool Link { get; init; }

    /// <summary>Whether a data set that is there already is replaced, with all that its folder holds.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Converts.</summary>
    /// <param name="progress">Is told (images done, images in all).</param>
    /// <param name="cancellation">Ends it early, without a trace.</param>
    /// <returns>What was wrong in the source, and what its new format cannot hold.</returns>
    /// <exception cref="InputException">The source cannot be read, or the target is there already or cannot be written.</exception>
    public DatasetReport Run(Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        CheckTarget();
        string[] names = [.. (Splits.Count > 0 ? Splits : DatasetReader.Splits(Source, SourceFormat)).Distinct()];
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
            DetectionDataset data = DatasetReader.Read(Source, SourceFormat, name, categories);
            // The classes of the first split are those of all, so that labels agree.
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
            $"The data format {TargetFormat.ToString().ToLowerInvariant()} is not written; give coco, voc or yolo."),
    };

    private void CheckTarget()
    {
        string source = Path.GetFullPath(Source).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar,
            target = Path.GetFullPath(Target).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        if (source.StartsWith(target, StringComparison.Ordinal) || target.StartsWith(source, StringComparison.Ordinal))
            throw new InputException($"{Target} and the source {Source} lie in one another; choose a folder beside the source.");
        if (File.Exists(Target)) throw new InputException($"{Target}: this is a file; give a folder that is not there yet.");
        if (!Directory.Exists(Target) || !Directory.EnumerateFileSystemEntries(Target).Any()) return;
        if (!Overwrite)
            throw new InputException($"{Target} is there already; choose another folder, or say that it is to be replaced (--force).");
        try
        {
            DatasetReader.Detect(Target);
        }
        catch (InputException exception)
        {
            // Replacing deletes all that a folder holds, so it has to be what it is taken for.
            throw new InputException($"{Target} is there already and holds no data set that could be replaced; choose another folder.",
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
