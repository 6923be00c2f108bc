namespace Vision.Data;

/// <summary>Reads a folder of annotated images, in any supported format.</summary>
public static class DetectionReader
{
    private static readonly FormatTable<DetectionDataset> formats = new("annotations", "no boxes to train on", ", or a classifier's name",
        new Dictionary<DatasetFormat, FormatTable<DetectionDataset>.Entry>
        {
            [DatasetFormat.Coco] = new(CocoLayout.LookedFor, folder => CocoLayout.Find(folder).Keys, ReadCoco),
            [DatasetFormat.Voc] = new(VocLayout.LookedFor, folder => VocLayout.Find(folder)?.Splits.Keys ?? [], VocReader.Read),
            [DatasetFormat.Yolo] = new(YoloLayout.LookedFor, folder => YoloLayout.Find(folder)?.Splits.Keys ?? [], YoloReader.Read),
        });

    /// <summary>Detects the format of a folder.</summary>
    /// <exception cref="InputException">There is no such folder, or it holds no annotations, or those of two formats.</exception>
    public static DatasetFormat Detect(string folder) => formats.Detect(folder);

    /// <summary>Whether a folder holds annotations of exactly one format.</summary>
    public static bool CanRead(string folder) => formats.Holds(folder);

    /// <summary>The names of a folder's splits, such as <c>train2017</c> and <c>val2017</c>.</summary>
    /// <exception cref="InputException">As for <see cref="Detect"/>.</exception>
    public static IReadOnlyList<string> Splits(string folder, DatasetFormat format = DatasetFormat.Auto) => formats.Splits(folder, format);

    /// <summary>Reads one split of a folder.</summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="format">Its format.</param>
    /// <param name="split"> Its name or a prefix of it, such as <c>val</c> for <c>val2017</c>; by default the only split, or the training
    /// split. <c>person_keypoints_train2017</c> selects COCO's keypoints if its instances exist as well. </param>
    /// <param name="categories">The classes of an existing model; by default the data set's own.</param>
    /// <exception cref="InputException">The folder, its format or the split cannot be found, or no image is usable.</exception>
    public static DetectionDataset Read(string folder, DatasetFormat format = DatasetFormat.Auto, string? split = null,
        IReadOnlyList<Category>? categories = null) =>
        formats.Read(folder, format, split, categories);

    /// <summary>The name of a split in messages.</summary>
    internal static string NameOf(string folder, string split) =>
        $"{Path.GetFileName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar))}/{split}";

    private static DetectionDataset ReadCoco(string folder, string? split, IReadOnlyList<Category>? categories)
    {
        IReadOnlyDictionary<string, string> splits = CocoLayout.Find(folder, split);
        if (splits.Count == 0) throw new InputException($"{folder}: no annotations found; looked for {CocoLayout.LookedFor}.");
        string name = SplitName.Choose(CocoLayout.Plain(split), [.. splits.Keys], folder);
        string file = splits[name];
        CocoJson coco = CocoReader.Parse(file);
        return CocoReader.Build(coco, file, CocoLayout.ImageFolder(folder, name, file, coco), categories, NameOf(folder, name));
    }
}
