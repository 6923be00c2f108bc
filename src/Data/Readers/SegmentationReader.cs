namespace Vision.Data;

/// <summary>Reads a folder of images with the classes of their pixels, whatever its format.</summary>
public static class SegmentationReader
{
    private static readonly FormatTable<SegmentationDataset> formats = new("masks of classes", "no classes of pixels to learn from",
        ", or a detector's name",
        new Dictionary<DatasetFormat, FormatTable<SegmentationDataset>.Entry>
        {
            [DatasetFormat.Masks] = new(MaskLayout.LookedFor, folder => MaskLayout.Find(folder)?.Splits.Keys ?? [], MaskFolderReader.Read),
            [DatasetFormat.Voc] = new(VocMaskReader.LookedFor, VocMaskReader.Splits, VocMaskReader.Read),
            [DatasetFormat.Cityscapes] = new(CityscapesReader.LookedFor, CityscapesReader.Splits, CityscapesReader.Read),
            [DatasetFormat.Coco] = new(PanopticReader.LookedFor, PanopticReader.Splits, PanopticReader.Read),
        });

    /// <summary>The format of a folder.</summary>
    /// <exception cref="InputException">There is no such folder, or it holds no masks, or those of two formats.</exception>
    public static DatasetFormat Detect(string folder) => formats.Detect(folder);

    /// <summary>Whether a folder holds masks of one format.</summary>
    public static bool CanRead(string folder) => formats.Holds(folder);

    /// <summary>The names of a folder's splits, such as <c>train</c> and <c>val</c>.</summary>
    /// <exception cref="InputException">As for <see cref="Detect"/>, or the format has no masks.</exception>
    public static IReadOnlyList<string> Splits(string folder, DatasetFormat format = DatasetFormat.Auto) => formats.Splits(folder, format);

    /// <summary>Reads one split of a folder: its lists and the heads of its files. Images and
    /// masks are decoded when they are needed.</summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="format">Its format.</param>
    /// <param name="split">Its name or how it begins, such as <c>val</c> for <c>val2017</c>;
    /// without it the only split, or the training split.</param>
    /// <param name="categories">A model's classes, where they are given already: pixels get these, by name, and those of
    /// other classes are ignored. By default the data set's own.</param>
    /// <exception cref="InputException">The folder, its format or the split cannot be found, its classes
    /// are not the model's, or no image can be used.</exception>
    public static SegmentationDataset Read(string folder, DatasetFormat format = DatasetFormat.Auto, string? split = null,
        IReadOnlyList<Category>? categories = null) =>
        formats.Read(folder, format, split, categories);
}
