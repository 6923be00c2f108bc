namespace Vision.Data;

/// <summary>Reads a folder of images that each have a class, in any supported format.</summary>
public static class ClassificationReader
{
    /// <summary>Detects the format of a folder.</summary>
    /// <exception cref="InputException">There is no such folder, or its format is not recognized.</exception>
    public static DatasetFormat Detect(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InputException(File.Exists(folder)
                ? $"{folder}: this is a file; give the folder that holds it." : $"{folder}: no such folder; check the path.");
        if (Cifar10Reader.Splits(folder).Count > 0) return DatasetFormat.Cifar10;
        if (FolderReader.Splits(folder).Count > 0) return DatasetFormat.Folders;
        throw new InputException(
            $"{folder}: no images with classes found; looked for {Cifar10Reader.LookedFor} and for {FolderReader.LookedFor}.");
    }

    /// <summary>The names of a folder's splits, such as <c>train</c> and <c>test</c>.</summary>
    /// <exception cref="InputException">As for <see cref="Detect"/>, or the format is a detection format.</exception>
    public static IReadOnlyList<string> Splits(string folder, DatasetFormat format = DatasetFormat.Auto) =>
        Known(folder, format) == DatasetFormat.Cifar10
            ? [.. Cifar10Reader.Splits(folder).Keys]
            : [.. FolderReader.Splits(folder).Keys];

    /// <summary>Reads one split of a folder.</summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="format">Its format.</param>
    /// <param name="split">Its name or a prefix of it; by default the only split, or the training split.</param>
    /// <param name="categories">The classes of an existing model, to which classes are matched by name. By default the data set's own, with
    /// ids from 0: in CIFAR-10's order, or folders by name.</param>
    /// <exception cref="InputException">The folder, its format or the split cannot be found, its classes do not match the model's, or no
    /// image is usable.</exception>
    public static ClassificationDataset Read(string folder, DatasetFormat format = DatasetFormat.Auto, string? split = null,
        IReadOnlyList<Category>? categories = null)
    {
        format = Known(folder, format);
        IReadOnlyList<string> splits = Splits(folder, format);
        if (splits.Count == 0)
            throw new InputException(
                $"{folder}: no images found; looked for " +
                $"{(format == DatasetFormat.Cifar10 ? Cifar10Reader.LookedFor : FolderReader.LookedFor)}.");
        string chosen = SplitName.Choose(split, splits, folder);
        string name = $"{Path.GetFileName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar))}/{chosen}";
        return format == DatasetFormat.Cifar10
            ? Cifar10Reader.Read(folder, chosen, name, categories) : FolderReader.Read(folder, chosen, name, categories);
    }

    private static DatasetFormat Known(string folder, DatasetFormat format) => format switch
    {
        DatasetFormat.Cifar10 or DatasetFormat.Folders when Directory.Exists(folder) => format,
        DatasetFormat.Auto or DatasetFormat.Cifar10 or DatasetFormat.Folders => Detect(folder),
        _ => throw new InputException(
                $"The data format {format.ToString().ToLowerInvariant()} has " +
                $"{(format is DatasetFormat.Masks or DatasetFormat.Cityscapes ? "masks" : "boxes")}, but a classifier needs one class " +
                "per image; choose folders or cifar10, or a detector's name."),
    };
}
