namespace Vision.Data;

/// <summary>Reads Pascal VOC's masks of classes (Everingham et al. 2010, doi:10.1007/s11263-009-0275-4): <c>SegmentationClass/ID.png</c>,
/// where 255 marks the border of an object, which is ignored.</summary>
internal static class VocMaskReader
{
    /// <summary>What <see cref="Splits"/> looks for, for messages.</summary>
    public const string LookedFor = "VOC (SegmentationClass/*.png with JPEGImages)";

    private const string MaskFolder = "SegmentationClass", All = "all";

    private static readonly string[] names =
    [
        "background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow",
        "diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
    ];

    /// <summary>The names of the lists in <c>ImageSets/Segmentation</c>; <c>all</c> if there are none.</summary>
    /// <exception cref="InputException">The folder holds several such data sets.</exception>
    public static IEnumerable<string> Splits(string folder) =>
        VocLayout.Root(folder, HasMasks) is { } root ? [.. Lists(root).Keys.DefaultIfEmpty(All)] : [];

    /// <summary>Reads a split. A <c>labelmap.txt</c>, as CVAT writes it, or a <c>class_names.txt</c>,
    /// as labelme writes it, replaces VOC's classes.</summary>
    /// <exception cref="InputException">There is no such split, or it has no usable image.</exception>
    public static SegmentationDataset Read(string folder, string? split, IReadOnlyList<Category>? categories)
    {
        string root = VocLayout.Root(folder, HasMasks) ?? throw new InputException($"{folder}: no masks found; looked for {LookedFor}.");
        string chosen = SplitName.Choose(split, [.. Splits(folder)], folder);
        string masks = Path.Combine(root, MaskFolder);
        string[] ids = Lists(root).TryGetValue(chosen, out string? list)
            ? [.. File.ReadLines(list).Select(line => line.Trim()).Where(line => line.Length > 0)]
            : [.. Directory.EnumerateFiles(masks, "*.png")
                .Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

        ClassTable table = ClassTable.Find(root, "labelmap.txt", "class_names.txt") ?? Official();
        SegmentationBuilder builder = new(DetectionReader.NameOf(folder, chosen), table.Categories, table.Colors, categories);
        MaskValues values = builder.ValuesOf(table);
        foreach (string id in ids) builder.Add(VocLayout.ImageOf(root, id), Path.Combine(masks, id + ".png"), values);
        return builder.Build(folder, chosen);
    }

    private static ClassTable Official() =>
        new([.. names.Select((name, number) => new ClassTable.Entry((byte)number, name, IndexPng.ColorOf((byte)number))),
            new(SegmentationMap.Ignore, "void", IndexPng.ColorOf(SegmentationMap.Ignore))]);

    private static bool HasMasks(string place) => Path.Combine(place, MaskFolder) is var masks && Directory.Exists(masks)
        && Directory.EnumerateFiles(masks, "*.png").Any();

    private static SortedDictionary<string, string> Lists(string root)
    {
        string place = Path.Combine(root, "ImageSets", "Segmentation");
        return new(Directory.Exists(place)
            ? Directory.EnumerateFiles(place, "*.txt").ToDictionary(file => Path.GetFileNameWithoutExtension(file)) : [],
            StringComparer.Ordinal);
    }
}
