using Vision.Data;

namespace Vision.Cli.Training;

/// <summary>What a training needs of a data set: images to learn from, and others to measure on.</summary>
/// <param name="Train">To learn from.</param>
/// <param name="Validation">To measure on, with the same classes.</param>
/// <param name="Choice">Why these, for a person.</param>
internal sealed record DatasetPair<TDataset>(TDataset Train, TDataset Validation, string Choice);

/// <summary>Reads both parts from a folder.</summary>
internal static class DatasetPair
{
    private const double HeldOut = 0.1;

    /// <summary>Images with objects. Without names, the validation split is the one called so, or a tenth of the training images.</summary>
    /// <exception cref="InputException">The folder or a split cannot be found or used.</exception>
    public static DatasetPair<DetectionDataset> Objects(string folder, DatasetFormat format, string? trainSplit, string? validationSplit)
    {
        DetectionDataset train = DatasetReader.Read(folder, format, trainSplit);
        return Pair(train, validationSplit, DatasetReader.Splits(folder, format), name => DatasetReader.Read(folder, format, name, train.Categories), () => train.Split(HeldOut));
    }

    /// <summary>Images with classes, likewise.</summary>
    /// <exception cref="InputException">The folder or a split cannot be found or used.</exception>
    public static DatasetPair<ClassificationDataset> Classes(string folder, DatasetFormat format, string? trainSplit, string? validationSplit)
    {
        ClassificationDataset train = ClassificationReader.Read(folder, format, trainSplit);
        return Pair(train, validationSplit, ClassificationReader.Splits(folder, format), name => ClassificationReader.Read(folder, format, name, train.Categories), () => train.Split(HeldOut));
    }

    /// <summary>Images with the classes of their pixels, likewise.</summary>
    /// <exception cref="InputException">The folder or a split cannot be found or used.</exception>
    public static DatasetPair<SegmentationDataset> Pixels(string folder, DatasetFormat format, string? trainSplit, string? validationSplit)
    {
        SegmentationDataset train = SegmentationReader.Read(folder, format, trainSplit);
        return Pair(train, validationSplit, SegmentationReader.Splits(folder, format), name => SegmentationReader.Read(folder, format, name, train.Categories), () => train.Split(HeldOut));
    }

    private static DatasetPair<TDataset> Pair<TDataset>(
        TDataset train, string? validationSplit, IReadOnlyList<string> splits, Func<string, TDataset> read, Func<(TDataset Train, TDataset HeldOut)> split)
    {
        if (validationSplit is null && splits.Any(name => name.StartsWith("val", StringComparison.OrdinalIgnoreCase))) validationSplit = "val";
        if (validationSplit is not null) return new(train, read(validationSplit), "a split of the data set");
        (TDataset rest, TDataset held) = split();
        return new(rest, held, "held out of the training images, since there is no validation split");
    }
}
