namespace Vision.Data;

/// <summary>Reads a folder of annotated images, whatever its format.</summary>
public static class DatasetReader
{
    /// <summary>The format of a folder.</summary>
    /// <exception cref="InputException">There is no such folder, or it holds no annotations, or those of two formats.</exception>
    public static DatasetFormat Detect(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InputException(File.Exists(folder) ? $"{folder}: this is a file; give the folder that holds it." : $"{folder}: no such folder; check the path.");
        bool coco = CocoLayout.Find(folder).Count > 0, voc = VocLayout.Find(folder) is not null;
        return (coco, voc) switch
        {
            (true, false) => DatasetFormat.Coco,
            (false, true) => DatasetFormat.Voc,
            (true, true) => throw new InputException($"{folder}: holds both COCO and VOC annotations; say which with the data format coco or voc."),
            _ => throw new InputException($"{folder}: no annotations found; looked for {CocoLayout.LookedFor} and for {VocLayout.LookedFor}."),
        };
    }

    /// <summary>The names of a folder's splits, such as <c>train2017</c> and <c>val2017</c>.</summary>
    /// <exception cref="InputException">As for <see cref="Detect"/>.</exception>
    public static IReadOnlyList<string> Splits(string folder, DatasetFormat format = DatasetFormat.Auto) => Known(folder, format) == DatasetFormat.Coco
        ? [.. CocoLayout.Find(folder).Keys]
        : [.. VocLayout.Find(folder)?.Splits.Keys ?? []];

    /// <summary>Reads one split of a folder.</summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="format">Its format.</param>
    /// <param name="split">Its name or how it begins, such as <c>val</c> for <c>val2017</c>; without it the only split, or the training split.</param>
    /// <param name="categories">A model's classes, where they are given already; by default the data set's own.</param>
    /// <exception cref="InputException">The folder, its format or the split cannot be found, or no image can be used.</exception>
    public static DetectionDataset Read(string folder, DatasetFormat format = DatasetFormat.Auto, string? split = null, IReadOnlyList<Category>? categories = null)
    {
        if (Known(folder, format) == DatasetFormat.Voc) return VocReader.Read(folder, split, categories);

        IReadOnlyDictionary<string, string> splits = CocoLayout.Find(folder);
        if (splits.Count == 0) throw new InputException($"{folder}: no annotations found; looked for {CocoLayout.LookedFor}.");
        string name = SplitName.Choose(split, [.. splits.Keys], folder);
        string file = splits[name];
        CocoJson coco = CocoReader.Parse(file);
        return CocoReader.Build(coco, file, CocoLayout.ImageFolder(folder, name, file, coco), categories, $"{Path.GetFileName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar))}/{name}");
    }

    private static DatasetFormat Known(string folder, DatasetFormat format)
    {
        if (format == DatasetFormat.Auto || !Directory.Exists(folder)) return Detect(folder);
        if (format is DatasetFormat.Folders or DatasetFormat.Cifar10)
            throw new InputException($"The data format {format.ToString().ToLowerInvariant()} has no boxes to learn from; give coco or voc, or a classifier's name.");
        return format;
    }
}
