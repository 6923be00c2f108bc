namespace Vision.Data;

/// <summary>Reads Cityscapes (Cordts et al. 2016, arXiv:1604.01685) with its fine masks, and the 19 of its 34 classes that are used for
/// training; pixels of the others are ignored.</summary>
internal static class CityscapesReader
{
    /// <summary>What <see cref="Splits"/> looks for, for messages.</summary>
    public const string LookedFor = "Cityscapes (leftImg8bit/train/CITY/*_leftImg8bit.png with gtFine)";

    private const string Images = "leftImg8bit", Masks = "gtFine", ImageEnd = "_leftImg8bit.png";
    private const byte LastNumber = 33;

    // Number in labelIds, name and color, in the order of the train ids.
    private static readonly (byte Number, string Name, (byte, byte, byte) Color)[] classes =
    [
        (7, "road", (128, 64, 128)), (8, "sidewalk", (244, 35, 232)), (11, "building", (70, 70, 70)), (12, "wall", (102, 102, 156)),
        (13, "fence", (190, 153, 153)), (17, "pole", (153, 153, 153)), (19, "traffic light", (250, 170, 30)),
        (20, "traffic sign", (220, 220, 0)), (21, "vegetation", (107, 142, 35)), (22, "terrain", (152, 251, 152)),
        (23, "sky", (70, 130, 180)), (24, "person", (220, 20, 60)), (25, "rider", (255, 0, 0)), (26, "car", (0, 0, 142)),
        (27, "truck", (0, 0, 70)), (28, "bus", (0, 60, 100)), (31, "train", (0, 80, 100)), (32, "motorcycle", (0, 0, 230)),
        (33, "bicycle", (119, 11, 32)),
    ];

    /// <summary>The folders that have both images and masks.</summary>
    public static IEnumerable<string> Splits(string folder)
    {
        string images = Path.Combine(folder, Images);
        if (!Directory.Exists(images)) return [];
        return [.. Directory.EnumerateDirectories(images).Select(place => Path.GetFileName(place))
            .Where(name => Directory.Exists(Path.Combine(folder, Masks, name))).Order(StringComparer.Ordinal)];
    }

    /// <summary>Reads a split.</summary>
    /// <exception cref="InputException">There is no such split, or it has no usable image.</exception>
    public static SegmentationDataset Read(string folder, string? split, IReadOnlyList<Category>? categories)
    {
        string[] splits = [.. Splits(folder)];
        if (splits.Length == 0) throw new InputException($"{folder}: no masks found; looked for {LookedFor}.");
        string chosen = SplitName.Choose(split, splits, folder);
        SegmentationBuilder builder = new(
            DetectionReader.NameOf(folder, chosen), [.. classes.Select((entry, i) => new Category(i, entry.Name))],
            [.. classes.Select(entry => entry.Color)], categories);
        Dictionary<byte, byte> trainIds = [],
            ids = Enumerable.Range(0, LastNumber + 1).ToDictionary(number => (byte)number, _ => SegmentationMap.Ignore);
        for (int i = 0; i < classes.Length; i++) ids[classes[i].Number] = trainIds[(byte)i] = builder.ClassOf(i);
        MaskValues ofIds = new(ids), ofTrainIds = new(trainIds);

        string images = Path.Combine(folder, Images, chosen);
        foreach (string image in FolderScan.FilesBelow(images, "*" + ImageEnd).Order(StringComparer.Ordinal))
        {
            string stem = Path.Combine(folder, Masks, chosen, Path.GetRelativePath(images, image)[..^ImageEnd.Length] + "_gtFine_");
            string labelIds = stem + "labelIds.png", labelTrainIds = stem + "labelTrainIds.png";
            if (!File.Exists(labelIds) && File.Exists(labelTrainIds)) builder.Add(image, labelTrainIds, ofTrainIds);
            else builder.Add(image, labelIds, ofIds);
        }
        return builder.Build(folder, chosen);
    }
}
