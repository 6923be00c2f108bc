using OpenCvSharp;
using static TorchSharp.torch;

namespace Vision.Data;

/// <summary>Loads batches of images with the classes of their pixels; the images of a batch keep their own sizes.</summary>
public sealed class SegmentationLoader : BatchLoader<SegmentationDataset, SegmentationBatch>
{
    private readonly ISampleMixing? mixing;

    /// <summary>Creates the loader. Threads start with the first epoch.
    /// All masks are read if rare classes are to be shown more often.</summary>
    /// <param name="dataset">The data set to load.</param>
    /// <param name="options">Sizes, order, threads, and the transform of each image.</param>
    /// <param name="mixing">Combines several images into each sample, such as a mosaic, before the transform; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch size,
    /// the number of workers or the number of prefetched batches is below 1.</exception>
    public SegmentationLoader(SegmentationDataset dataset, LoaderOptions options, ISampleMixing? mixing = null)
        : base(dataset, options, index => ClassesIn(dataset.Samples[index])) =>
        this.mixing = mixing;

    private protected override string FileOf(int index) => Dataset.Samples[index].File;

    private protected override (Mat Image, Targets Targets) Read(int index)
    {
        SegmentationSample sample = Dataset.Samples[index];
        (Mat image, SegmentationMap map) = sample.Read();
        return (image, new() { ImageId = index, File = sample.File, Width = image.Width, Height = image.Height, Map = map });
    }

    private protected override (Mat Image, Targets Targets) Mix(Mat image, Targets targets, Random random) =>
        mixing is null ? (image, targets) : mixing.Apply(image, targets, Draw, random);

    private protected override SegmentationBatch Collate(LoadedSample[] samples, int index, Random random) => new()
    {
        Index = index,
        Images = [.. samples.Select(sample => sample.Pixels)],
        Labels = [.. samples.Select(sample => Labels(sample.Targets.Map!))],
        Files = [.. samples.Select(sample => sample.Targets.File)],
    };

    private static Tensor Labels(SegmentationMap map)
    {
        Tensor labels = empty([map.Height, map.Width], ScalarType.Byte);
        map.Classes.CopyTo(labels.bytes);
        // The batch owns it, whatever dispose scope its user has open.
        return labels.DetachFromDisposeScope();
    }

    private static IEnumerable<int> ClassesIn(SegmentationSample sample)
    {
        try
        {
            bool[] shown = new bool[256];
            foreach (byte value in sample.ReadMap().Classes) shown[value] = true;
            return Enumerable.Range(0, SegmentationMap.Ignore).Where(label => shown[label]);
        }
        catch (InputException)
        {
            // It is reported when it is loaded.
            return [];
        }
    }
}
