using Vision.Data;

namespace Vision.Cli.Training;

/// <summary>What a training needs of a data set: images to learn from, and others to measure on.</summary>
/// <param name="Train">To learn from.</param>
/// <param name="Validation">To measure on, with the same classes.</param>
/// <param name="Choice">Why these, for a person.</param>
internal sealed record DatasetPair(DetectionDataset Train, DetectionDataset Validation, string Choice)
{
    private const double HeldOut = 0.1;

    /// <summary>Reads both from a folder. Without names, the validation split is the one called so, or a tenth of the training images.</summary>
    /// <exception cref="InputException">The folder or a split cannot be found or used.</exception>
    public static DatasetPair Read(string folder, DatasetFormat format, string? trainSplit, string? validationSplit)
    {
        DetectionDataset train = DatasetReader.Read(folder, format, trainSplit);
        if (validationSplit is null && DatasetReader.Splits(folder, format).Any(split => split.StartsWith("val", StringComparison.OrdinalIgnoreCase)))
            validationSplit = "val";
        if (validationSplit is not null)
            return new(train, DatasetReader.Read(folder, format, validationSplit, train.Categories), "a split of the data set");
        var (rest, held) = train.Split(HeldOut);
        return new(rest, held, "held out of the training images, since there is no validation split");
    }
}
