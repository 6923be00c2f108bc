namespace Vision.Data;

/// <summary>Reads a folder of annotated images, whatever its format.</summary>
public static class DatasetReader
{
    /// <summary>Each format: how to find its splits (none where the folder is not of it), how to read one, and what was looked for.</summary>
    private sealed record Entry(string LookedFor, Func<string, IEnumerable<string>> Splits, Func<string, string?, IReadOnlyList<Category>?, DetectionDataset> Read);

    private static readonly Dictionary<DatasetFormat, Entry> formats = new()
    {
        [DatasetFormat.Coco] = new(CocoLayout.LookedFor, folder => CocoLayout.Find(folder).Keys, ReadCoco),
        [DatasetFormat.Voc] = new(VocLayout.LookedFor, folder => VocLayout.Find(folder)?.Splits.Keys ?? [], VocReader.Read),
        [DatasetFormat.Yolo] = new(YoloLayout.LookedFor, folder => YoloLayout.Find(folder)?.Splits.Keys ?? [], YoloReader.Read),
    };

    /// <summary>The format of a folder.</summary>
    /// <exception cref="InputException">There is no such folder, or it holds no annotations, or those of two formats.</exception>
    public static DatasetFormat Detect(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InputException(File.Exists(folder) ? $"{folder}: this is a file; give the folder that holds it." : $"{folder}: no such folder; check the path.");
        DatasetFormat[] found = [.. formats.Where(entry => entry.Value.Splits(folder).Any()).Select(entry => entry.Key)];
        return found switch
        {
            [DatasetFormat only] => only,
            [] => throw new InputException($"{folder}: no annotations found; looked for {string.Join(", for ", formats.Values.Select(entry => entry.LookedFor))}."),
            _ => throw new InputException($"{folder}: holds both {string.Join(" and ", found.Select(format => format.ToString().ToUpperInvariant()))} annotations; "
                + $"say which with the data format {string.Join(" or ", found.Select(format => format.ToString().ToLowerInvariant()))}."),
        };
    }

    /// <summary>The names of a folder's splits, such as <c>train2017</c> and <c>val2017</c>.</summary>
    /// <exception cref="InputException">As for <see cref="Detect"/>.</exception>
    public static IReadOnlyList<string> Splits(string folder, DatasetFormat format = DatasetFormat.Auto) => [.. formats[Known(folder, format)].Splits(folder)];

    /// <summary>Reads one split of a folder.</summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="format">Its format.</param>
    /// <param name="split">
    /// Its name or how it begins, such as <c>val</c> for <c>val2017</c>; without it the only split, or the training split. <c>person_keypoints_train2017</c> asks for COCO's keypoints
    /// where its instances are there as well.
    /// </param>
    /// <param name="categories">A model's classes, where they are given already; by default the data set's own.</param>
    /// <exception cref="InputException">The folder, its format or the split cannot be found, or no image can be used.</exception>
    public static DetectionDataset Read(string folder, DatasetFormat format = DatasetFormat.Auto, string? split = null, IReadOnlyList<Category>? categories = null) =>
        formats[Known(folder, format)].Read(folder, split, categories);

    /// <summary>What messages call a split.</summary>
    internal static string NameOf(string folder, string split) => $"{Path.GetFileName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar))}/{split}";

    private static DetectionDataset ReadCoco(string folder, string? split, IReadOnlyList<Category>? categories)
    {
        IReadOnlyDictionary<string, string> splits = CocoLayout.Find(folder, split);
        if (splits.Count == 0) throw new InputException($"{folder}: no annotations found; looked for {CocoLayout.LookedFor}.");
        string name = SplitName.Choose(CocoLayout.Plain(split), [.. splits.Keys], folder);
        string file = splits[name];
        CocoJson coco = CocoReader.Parse(file);
        return CocoReader.Build(coco, file, CocoLayout.ImageFolder(folder, name, file, coco), categories, NameOf(folder, name));
    }

    private static DatasetFormat Known(string folder, DatasetFormat format)
    {
        if (format == DatasetFormat.Auto || !Directory.Exists(folder)) return Detect(folder);
        return formats.ContainsKey(format)
            ? format
            : throw new InputException($"The data format {format.ToString().ToLowerInvariant()} has no boxes to learn from; give {string.Join(" or ", formats.Keys.Select(known => known.ToString().ToLowerInvariant()))}, or a classifier's name.");
    }
}
