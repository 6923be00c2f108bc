namespace Vision.Data;

/// <summary>Opens images that each show one class: a folder for each class, or CIFAR-10 in any supported format.</summary>
public static class ClassificationData
{
    /// <summary>Reads the training and the validation images of a folder.</summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="format">Its format; by default it is detected from the files in the folder.</param>
    /// <param name="trainSplit">The split to train on; by default the one called "train", or all images.</param>
    /// <param name="validationSplit">The split to validate on; by default the one called "val", or else a tenth of the training images is
    /// held out.</param>
    /// <exception cref="InputException">The folder or a split cannot be found or used.</exception>
    public static DataSplits<ClassificationDataset> Open(
        string folder, DatasetFormat format = DatasetFormat.Auto, string? trainSplit = null, string? validationSplit = null)
    {
        ClassificationDataset train = ClassificationReader.Read(folder, format, trainSplit);
        return DataSplits<ClassificationDataset>.Choose(
            train, validationSplit, ClassificationReader.Splits(folder, format),
            name => ClassificationReader.Read(folder, format, name, train.Categories), part => train.Split(part))
            with { Source = new(folder, format, trainSplit, validationSplit) };
    }
}
