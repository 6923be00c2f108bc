namespace Vision.Data;

/// <summary>Reads images and masks of the same names that lie in folders: plain ones, and CamVid's (Brostow et al. 2009, doi:10.1016/j.patrec.2008.04.005).</summary>
/// <remarks>
/// Grey and palette PNGs hold the numbers of classes, RGB ones their colours. A table beside the folders names the classes; without one each number that occurs is a class.
/// </remarks>
internal static class MaskFolderReader
{
    /// <summary>Reads a split.</summary>
    /// <exception cref="InputException">There is no such split, the classes cannot be told, or no image can be used.</exception>
    public static SegmentationDataset Read(string folder, string? split, IReadOnlyList<Category>? categories)
    {
        MaskLayout layout = MaskLayout.Find(folder) ?? throw new InputException($"{folder}: no masks found; looked for {MaskLayout.LookedFor}.");
        string chosen = SplitName.Choose(split, [.. layout.Splits.Keys], folder);
        // All splits, so that they agree on the classes.
        Dictionary<string, MaskPairs> pairs = layout.Splits.ToDictionary(entry => entry.Key, entry => MaskPairs.In(entry.Value));
        ClassTable? written = layout.Classes ?? ClassTable.Find(folder);
        bool mayBeBlackAndWhite = written is null || written.Entries is [{ IsIgnored: false, Colour: null }, { IsIgnored: false }];
        MaskScan? scan = mayBeBlackAndWhite ? MaskScan.Of(pairs.Values.SelectMany(own => own.Pairs).Select(pair => pair.Mask).OfType<string>()) : null;
        ClassTable table = Numbered(written ?? Guessed(scan!, folder), scan);

        ClassTable.Entry[] classes = [.. table.Entries.Where(entry => !entry.IsIgnored)];
        SegmentationBuilder builder = new(DatasetReader.NameOf(folder, chosen), [.. classes.Select(entry => new Category(entry.Number, entry.Name))],
            classes.All(entry => entry.Colour is not null) ? [.. classes.Select(entry => entry.Colour!.Value)] : null, categories);
        if (written is null)
            builder.Report.Add(new(DatasetProblemKind.GuessedClasses, folder, null, $"no file names the classes, so that each number in the masks is one ({string.Join(", ", classes.Take(10).Select(entry => entry.Number))}{(classes.Length > 10 ? ", …" : "")}); name them in classes.txt"));
        if (scan is { IsBlackAndWhite: true })
            builder.Report.Add(new(DatasetProblemKind.GuessedClasses, folder, null, $"the masks are black and white, so that white (255) is taken for '{classes[1].Name}', not for pixels to ignore"));

        MaskValues values = builder.ValuesOf(table);
        MaskLayout.Part part = layout.Splits[chosen];
        foreach (var (image, mask) in pairs[chosen].Pairs) builder.Add(image, mask ?? Path.ChangeExtension(Path.Combine(part.Masks, Path.GetRelativePath(part.Images, image)), ".png"), values);
        foreach (string mask in pairs[chosen].Lonely)
            builder.Report.Add(new(DatasetProblemKind.MissingImage, mask, null, $"no image in {part.Images} has the name of this mask; left out"));
        return builder.Build(folder, chosen);
    }

    /// <summary>The classes that the values of masks suggest.</summary>
    private static ClassTable Guessed(MaskScan scan, string folder)
    {
        if (scan.Coloured is { } coloured)
            throw new InputException($"{folder}: its masks are in colour (such as {coloured.Colour} in {coloured.File}), and no file says which class a colour is; add class_dict.csv with a line name,r,g,b for each class, or save the masks as numbers.");
        if (scan.IsBlackAndWhite) return new([new(0, "background", null), new(255, "foreground", null)]);
        byte[] numbers = [.. scan.Numbers.Where(number => number != SegmentationMap.Ignore)];
        return numbers.Length > 0
            ? new([.. numbers.Select(number => new ClassTable.Entry(number, $"class {number}", null))])
            : throw new InputException($"{folder}: none of its masks can be read and shows a class; save them as PNG with the number of a class in each pixel.");
    }

    /// <summary>The numbers that masks really have.</summary>
    private static ClassTable Numbered(ClassTable table, MaskScan? scan)
    {
        if (scan is { IsBlackAndWhite: true }) return new([table.Entries[0] with { Number = 0 }, table.Entries[1] with { Number = 255 }]);
        // Where all colours are greys, grey masks have these.
        return table.Entries.All(entry => entry.Colour is { } colour && colour.Red == colour.Green && colour.Red == colour.Blue)
            ? new([.. table.Entries.Select(entry => entry with { Number = entry.Colour!.Value.Red })])
            : table;
    }
}
