using OpenCvSharp;

namespace Vision.Data;

/// <summary>Makes batches of images with annotated objects; the images of a batch keep their own sizes.</summary>
public sealed class DetectionLoader : BatchLoader<DetectionBatch>
{
    /// <summary>Makes it; no thread starts before an epoch does.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The batch size, the number of workers or of batches ahead is below 1.</exception>
    public DetectionLoader(DetectionDataset dataset, LoaderOptions options) : base(dataset.Name, dataset.Samples.Count, options) => Dataset = dataset;

    /// <summary>What is loaded.</summary>
    public DetectionDataset Dataset { get; }

    private protected override string FileOf(int index) => Dataset.Samples[index].File;

    private protected override (Mat Image, Targets Targets) Read(int index)
    {
        Targets targets = Dataset.Samples[index];
        Mat image = ImageFile.Read(targets.File);
        if (image.Width == targets.Width && image.Height == targets.Height) return (image, targets);
        using (image)
            throw new InputException($"{targets.File}: the image is {image.Width}×{image.Height}, but was {targets.Width}×{targets.Height} when the data set was read; put it back or annotate it again.");
    }

    private protected override DetectionBatch Collate(LoadedSample[] samples, int index, Random random) => new()
    {
        Index = index,
        Images = [.. samples.Select(sample => sample.Pixels)],
        Targets = [.. samples.Select(sample => sample.Targets)],
    };
}
