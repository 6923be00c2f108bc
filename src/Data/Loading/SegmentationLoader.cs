using OpenCvSharp;
using static TorchSharp.torch;

namespace Vision.Data;

/// <summary>Makes batches of images with the classes of their pixels; the images of a batch keep their own sizes.</summary>
public sealed class SegmentationLoader : BatchLoader<SegmentationBatch>
{
    private readonly ISampleMixing? mixing;

    /// <summary>Makes it; no thread starts before an epoch does. All masks are read where
    /// rare classes are to be shown more often.</summary>
    /// <param name="dataset">What is loaded.</param>
    /// <param name="options">Sizes, order, threads, and the transform of each image.</param>
    /// <param name="mixing">Makes each sample of several, such as a mosaic, before the transform; null leaves them apart.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch size, the number of workers or of batches ahead is below 1.</exception>
    public SegmentationLoader(SegmentationDataset dataset, LoaderOptions options, ISampleMixing? mixing = null)
        : base(dataset.Name, dataset.Samples.Count, options, index => ClassesIn(dataset.Samples[index]))
    {
        Dataset = dataset;
        this.mixing = mixing;
    }

    /// <summary>What is loaded.</summary>
    public SegmentationDataset Dataset { get; }

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
        // The batch owns it, whatever scope its user has open.
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
            // It is reported when its turn to be loaded comes.
            return [];
        }
    }
}
