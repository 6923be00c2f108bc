namespace Vision.Data;

/// <summary>Reads images from one folder per class; these folders may be grouped into one folder per split.</summary>
internal static class FolderReader
{
    /// <summary>What <see cref="Splits"/> looks for, for messages.</summary>
    public const string LookedFor = "a folder of images for each class (or such folders in train and val)";

    private static readonly string[] splitNames = ["train", "training", "val", "valid", "validation", "test", "testing"];

    /// <summary>The folder of each split, by name; a single split, <c>all</c>, if the class folders are at the top; none if there are no
    /// folders with images.</summary>
    public static IReadOnlyDictionary<string, string> Splits(string folder)
    {
        // A class may be called train, too: a split holds folders, while a class holds images.
        string[] splits = [.. Folders(folder).Where(place =>
            splitNames.Contains(Path.GetFileName(place), StringComparer.OrdinalIgnoreCase) && Folders(place).Any(HasImages))];
        if (splits.Length > 0) return splits.ToDictionary(place => Path.GetFileName(place));
        return Folders(folder).Any(HasImages) ? new Dictionary<string, string> { ["all"] = folder } : [];
    }

    /// <summary>Reads a split: lists its files and checks the header of each.</summary>
    /// <exception cref="InputException">The classes do not match the model's, or no image is usable.</exception>
    public static ClassificationDataset Read(string folder, string split, string name, IReadOnlyList<Category>? categories)
    {
        IReadOnlyDictionary<string, string> splits = Splits(folder);
        // The classes of all splits together, so that their labels agree.
        string[] own = [.. splits.Values.SelectMany(Folders)
            .Select(place => Path.GetFileName(place)).Distinct().Order(StringComparer.Ordinal)];
        ClassLabels labels = new(own, categories, name);
        DatasetReport report = new();
        List<LabeledImage> samples = [];
        for (int i = 0; i < own.Length; i++)
        {
            string place = Path.Combine(splits[split], own[i]);
            if (labels.Of(i) is { } label) ReadClass(place, own[i], label, samples, report);
            else if (Directory.Exists(place))
                report.Add(new(DatasetProblemKind.UnknownClass, place, null, $"class '{own[i]}' is not among the model's; left out"));
        }
        foreach (string file in Files(splits[split], deep: false))
            report.Add(new(DatasetProblemKind.OddFile, file, null, "lies outside the folders of the classes; left out"));
        if (samples.Count == 0)
            throw new InputException(
                $"{folder}: no image of split '{split}' can be used: " +
                $"{(report.Summary.Length > 0 ? report.Summary : "its folders are empty")}.");
        return new() { Name = name, Categories = labels.Categories, Samples = samples, Report = report };
    }

    private static void ReadClass(string place, string name, int label, List<LabeledImage> samples, DatasetReport report)
    {
        string[] files = Directory.Exists(place) ? [.. Files(place, deep: true).Order(StringComparer.Ordinal)] : [];
        var problems = new DatasetProblem?[files.Length];
        Parallel.For(0, files.Length, i => problems[i] = Examine(files[i]));
        int before = samples.Count;
        foreach (var (file, problem) in files.Zip(problems))
        {
            if (problem is null) samples.Add(new() { Name = file, Label = label, Read = () => ImageFile.Read(file) });
            else report.Add(problem);
        }
        if (samples.Count == before) report.Add(new(DatasetProblemKind.EmptyClass, place, null, $"no image of class '{name}'"));
    }

    private static DatasetProblem? Examine(string file)
    {
        if (!ImageFile.HasImageName(file)) return new(DatasetProblemKind.OddFile, file, null, "its name is not that of an image; left out");
        return SampleBuilder.Measure(file, null, null).Problem;
    }

    private static bool HasImages(string folder) => Files(folder, deep: true).Any(ImageFile.HasImageName);

    private static IEnumerable<string> Folders(string folder) =>
        Directory.EnumerateDirectories(folder).Where(place => !Path.GetFileName(place).StartsWith('.')).Order(StringComparer.Ordinal);

    // Names that begin with a dot belong to the system or to a tool, not to the data.
    private static IEnumerable<string> Files(string folder, bool deep) =>
        FolderScan.Files(folder, "*", deep)
            .Where(file => !Path.GetFileName(file).StartsWith('.'));
}
