namespace Vision.Data;

/// <summary>Reads folders of images and folders of masks with the same names, including CamVid's (Brostow et al. 2009,
/// doi:10.1016/j.patrec.2008.04.005).</summary>
/// <remarks>
/// Grayscale and palette PNGs hold the numbers of classes, RGB PNGs their colors. A table next to the folders names the classes; without
/// one, each number that occurs is a class.
/// </remarks>
internal static class MaskFolderReader
{
    private static readonly string[] tables = ["class_dict.csv", "label_colors.txt", "labelmap.txt", "classes.txt"];

    /// <summary>Reads a split.</summary>
    /// <exception cref="InputException">There is no such split, the classes cannot be determined, or no image is usable.</exception>
    public static SegmentationDataset Read(string folder, string? split, IReadOnlyList<Category>? categories)
    {
        MaskLayout layout = MaskLayout.Find(folder)
            ?? throw new InputException($"{folder}: no masks found; looked for {MaskLayout.LookedFor}.");
        string chosen = SplitName.Choose(split, [.. layout.Splits.Keys], folder);
        // All splits together, so that they agree on the classes.
        Dictionary<string, MaskPairs> pairs = layout.Splits.ToDictionary(entry => entry.Key, entry => MaskPairs.In(entry.Value));
        (ClassTable table, IReadOnlyList<string> guesses) =
            Classes(layout, folder, [.. pairs.Values.SelectMany(own => own.Pairs).Select(pair => pair.Mask).OfType<string>()]);

        SegmentationBuilder builder = new(DetectionReader.NameOf(folder, chosen), table.Categories, table.Colors, categories);
        foreach (string guess in guesses) builder.Report.Add(new(DatasetProblemKind.GuessedClasses, folder, null, guess));
        MaskValues values = builder.ValuesOf(table);
        MaskLayout.Part part = layout.Splits[chosen];
        foreach (var (image, mask) in pairs[chosen].Pairs)
            builder.Add(image, mask ?? Path.ChangeExtension(Path.Combine(part.Masks, Path.GetRelativePath(part.Images, image)), ".png"),
                values);
        foreach (string mask in pairs[chosen].Unpaired)
            builder.Report.Add(new(DatasetProblemKind.MissingImage, mask, null,
                $"no image in {part.Images} has the name of this mask; left out"));
        return builder.Build(folder, chosen);
    }

    /// <summary>The classes, and what was inferred about them from the masks.</summary>
    private static (ClassTable Table, IReadOnlyList<string> Guesses) Classes(MaskLayout layout, string folder, IReadOnlyList<string> masks)
    {
        ClassTable? written = layout.Classes ?? ClassTable.Find(folder, tables);
        bool mayBeBlackAndWhite = written is null || written.Entries is [{ IsIgnored: false, Color: null }, { IsIgnored: false }];
        if (mayBeBlackAndWhite && MaskScan.AreBlackAndWhite(masks))
        {
            (string black, string white) = written is null
                ? ("background", "foreground") : (written.Entries[0].Name, written.Entries[1].Name);
            return (new([new(0, black, null), new(255, white, null)]),
                [$"the masks are black and white, so white (255) is read as '{white}', not as pixels to ignore"]);
        }
        if (written is not null) return (Numbered(written), []);

        MaskScan scan = MaskScan.Of(masks);
        if (scan.Colored is { } colored)
            throw new InputException(
                $"{folder}: its masks are in color (such as {colored.Color} in {colored.File}), but no file maps colors to classes; " +
                "add class_dict.csv with a line name,r,g,b for each class, or save the masks as numbers.");
        byte[] numbers = [.. scan.Numbers.Where(number => number != SegmentationMap.Ignore)];
        if (numbers.Length == 0)
            throw new InputException(
                $"{folder}: none of its masks is readable and shows a class; save them as PNG with the class number in each pixel.");
        return (new([.. numbers.Select(number => new ClassTable.Entry(number, $"class {number}", null))]),
            ["no file names the classes, so each number in the masks is one " +
                $"({string.Join(", ", numbers.Take(10))}{(numbers.Length > 10 ? ", …" : "")}); name them in classes.txt"]);
    }

    /// <summary>The numbers that masks actually hold: if all colors are grays, grayscale masks hold those grays.</summary>
    private static ClassTable Numbered(ClassTable table) =>
        table.Entries.All(entry => entry.Color is { } color && color.Red == color.Green && color.Red == color.Blue)
            ? new([.. table.Entries.Select(entry => entry with { Number = entry.Color!.Value.Red })])
            : table;
}
