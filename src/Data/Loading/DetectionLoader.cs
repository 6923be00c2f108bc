using OpenCvSharp;

namespace Vision.Data;

/// <summary>Loads batches of images with annotated objects; the images of a batch keep their own sizes.</summary>
public sealed class DetectionLoader : BatchLoader<DetectionDataset, DetectionBatch>
{
    private readonly ISampleMixing? mixing;

    /// <summary>Creates the loader. Threads start with the first epoch.</summary>
    /// <param name="dataset">The data set to load.</param>
    /// <param name="options">Sizes, order, threads, and the transform of each image.</param>
    /// <param name="mixing">Combines several images into each sample before the transform; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch size,
    /// the number of workers or the number of prefetched batches is below 1.</exception>
    public DetectionLoader(DetectionDataset dataset, LoaderOptions options, ISampleMixing? mixing = null)
        : base(dataset, options, index =>
            dataset.Samples[index].Objects.Where(item => !item.IsCrowd).Select(item => item.Label)) =>
        this.mixing = mixing;

    private protected override string FileOf(int index) => Dataset.Samples[index].File;

    private protected override (Mat Image, Targets Targets) Read(int index)
    {
        Targets targets = Dataset.Samples[index];
        (int width, int height) = targets.Window is { } window ? (window.FileWidth, window.FileHeight) : (targets.Width, targets.Height);
        Mat image = ImageFile.Read(targets.File);
        if (image.Width != width || image.Height != height)
        {
            using (image)
                throw new InputException(
                    $"{targets.File}: the image is {image.Width}×{image.Height}, but was {width}×{height} when the data set was read; " +
                    "put it back or annotate it again.");
        }
        if (targets.Window is not { } part) return (image, targets);
        using (image) return (Crop.Padded(image, part.X, part.Y, targets.Width, targets.Height), targets);
    }

    private protected override (Mat Image, Targets Targets) Mix(Mat image, Targets targets, Random random) =>
        mixing is null ? (image, targets) : mixing.Apply(image, targets, Draw, random);

    private protected override DetectionBatch Collate(LoadedSample[] samples, int index, Random random) => new()
    {
        Index = index,
        Images = [.. samples.Select(sample => sample.Pixels)],
        Targets = [.. samples.Select(sample => sample.Targets)],
    };
}
