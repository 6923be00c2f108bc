using OpenCvSharp;
using static TorchSharp.torch;

namespace Vision.Data;

/// <summary>Loads batches of images of equal size, each with its class.</summary>
public sealed class ClassificationLoader : BatchLoader<ClassificationDataset, ClassificationBatch>
{
    private readonly BatchMixing? mixing;

    /// <summary>Creates the loader. Threads start with the first epoch.</summary>
    /// <param name="dataset">The data set to load.</param>
    /// <param name="options">The loader's options. Their transform must return
    /// images of equal size if those of the data set differ.</param>
    /// <param name="mixing">Mixes the images of each batch, which yields soft targets; null for no mixing.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch size,
    /// the number of workers or the number of prefetched batches is below 1.</exception>
    public ClassificationLoader(ClassificationDataset dataset, LoaderOptions options, BatchMixing? mixing = null)
        : base(dataset, options, index => [dataset.Samples[index].Label]) =>
        this.mixing = mixing;

    private protected override string FileOf(int index) => Dataset.Samples[index].Name;

    private protected override (Mat Image, Targets Targets) Read(int index)
    {
        LabeledImage sample = Dataset.Samples[index];
        Mat image = sample.Read();
        return (image, new() { ImageId = index, File = sample.Name, Width = image.Width, Height = image.Height });
    }

    private protected override ClassificationBatch Collate(LoadedSample[] samples, int index, Random random)
    {
        using var scope = NewDisposeScope();
        Tensor[] images = [.. samples.Select(sample => sample.Pixels)];
        try
        {
            if (samples.FirstOrDefault(sample => !sample.Pixels.shape.SequenceEqual(images[0].shape)) is { } other)
                throw new ArgumentException(
                    $"{other.Targets.File} is {other.Targets.Width}×{other.Targets.Height}, and {samples[0].Targets.File} " +
                        $"{samples[0].Targets.Width}×{samples[0].Targets.Height}: the images of a batch must have the same size; " +
                        "end the transform with a crop.");
            Tensor pixels = stack(images);                                                                        // [N, 3, H, W]
            Tensor labels = tensor(samples.Select(sample => (long)Dataset.Samples[sample.Index].Label).ToArray());      // [N]
            if (mixing is not null) (pixels, labels) = mixing.Apply(pixels, labels, Dataset.Categories.Count, random);
            return new()
            {
                Index = index,
                Images = pixels.DetachFromDisposeScope(),
                Targets = labels.DetachFromDisposeScope(),
                Names = [.. samples.Select(sample => sample.Targets.File)],
            };
        }
        finally
        {
            foreach (Tensor image in images) image.Dispose();
        }
    }
}
