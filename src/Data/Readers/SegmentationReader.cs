namespace Vision.Data;

/// <summary>Reads a folder of images with the classes of their pixels, in any supported format.</summary>
public static class SegmentationReader
{
    private static readonly FormatTable<SegmentationDataset> formats = new(
        "masks of classes", "no pixel classes to train on", ", or a detector's name",
        new Dictionary<DatasetFormat, FormatTable<SegmentationDataset>.Entry>
        {
            [DatasetFormat.Masks] = new(MaskLayout.LookedFor, folder => MaskLayout.Find(folder)?.Splits.Keys ?? [], MaskFolderReader.Read),
            [DatasetFormat.Voc] = new(VocMaskReader.LookedFor, VocMaskReader.Splits, VocMaskReader.Read),
            [DatasetFormat.Cityscapes] = new(CityscapesReader.LookedFor, CityscapesReader.Splits, CityscapesReader.Read),
            [DatasetFormat.Coco] = new(PanopticReader.LookedFor, PanopticReader.Splits, PanopticReader.Read),
        });

    /// <summary>Detects the format of a folder.</summary>
    /// <exception cref="InputException">There is no such folder, or it holds no masks, or those of two formats.</exception>
    public static DatasetFormat Detect(string folder) => formats.Detect(folder);

    /// <summary>Whether a folder holds masks of exactly one format.</summary>
    public static bool CanRead(string folder) => formats.Holds(folder);

    /// <summary>The names of a folder's splits, such as <c>train</c> and <c>val</c>.</summary>
    /// <exception cref="InputException">As for <see cref="Detect"/>, or the format has no masks.</exception>
    public static IReadOnlyList<string> Splits(string folder, DatasetFormat format = DatasetFormat.Auto) => formats.Splits(folder, format);

    /// <summary>Reads one split of a folder: its lists and the headers of its files. Images and masks are decoded on demand.</summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="format">Its format.</param>
    /// <param name="split">Its name or a prefix of it, such as <c>val</c> for <c>val2017</c>;
    /// by default the only split, or the training split.</param>
    /// <param name="categories">The classes of an existing model, to which classes are matched by name; pixels of other classes are
    /// ignored. By default the data set's own.</param>
    /// <exception cref="InputException">The folder, its format or the split cannot be found, its classes do not match the model's, or no
    /// image is usable.</exception>
    public static SegmentationDataset Read(string folder, DatasetFormat format = DatasetFormat.Auto, string? split = null,
        IReadOnlyList<Category>? categories = null) =>
        formats.Read(folder, format, split, categories);
}
