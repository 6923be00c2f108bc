using TorchSharp;
using Vision.Data;
using Vision.Ops;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Segmentation;

/// <summary>The preprocessing of a segmenter: normalizes, pads and batches images.</summary>
internal sealed class SegmenterInput
{
    private readonly SegmenterOptions options;

    /// <summary>The preprocessing with the given options.</summary>
    public SegmenterInput(SegmenterOptions options) => this.options = options;

    /// <summary>An image as fed to the network, [1, 3, H, W], with sides rounded up.</summary>
    /// <param name="image">RGB, float32 in [0, 1], [3, H, W].</param>
    /// <param name="device">The network's device.</param>
    /// <param name="sizeDivisor">The number that sides must be multiples of.</param>
    /// <exception cref="ArgumentException">The image has the wrong shape or type.</exception>
    public Tensor ForPrediction(Tensor image, Device device, int sizeDivisor)
    {
        using var scope = NewDisposeScope();
        Tensor normalized = Normalized(image, device).unsqueeze(0);
        return Laid(pad(normalized, (0, Missing(normalized.shape[3], sizeDivisor), 0, Missing(normalized.shape[2], sizeDivisor))))
            .MoveToOuterDisposeScope();
    }

    /// <summary>Images as fed to the network, [N, 3, H, W], and the classes of their pixels, int64 [N, H, W]; smaller
    /// images are padded with the mean color and the label "ignore".</summary>
    /// <exception cref="ArgumentException">An image or its labels have the wrong shape or type.</exception>
    public (Tensor Pixels, Tensor Labels) ForTraining(SegmentationBatch batch, Device device)
    {
        using var scope = NewDisposeScope();
        long height = batch.Images.Max(image => image.shape[1]), width = batch.Images.Max(image => image.shape[2]);
        var pixels = new Tensor[batch.Images.Length];
        var labels = new Tensor[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            Tensor image = batch.Images[i], label = batch.Labels[i];
            if (label.dtype != ScalarType.Byte || !label.shape.SequenceEqual(image.shape[1..]))
                throw new ArgumentException(
                    $"The labels of image {i} are {label.dtype} [{string.Join(", ", label.shape)}]; expected Byte " +
                    $"[{string.Join(", ", image.shape[1..])}].", nameof(batch));
            (long, long, long, long) borders = (0, width - image.shape[2], 0, height - image.shape[1]);
            pixels[i] = pad(Normalized(image, device), borders);
            labels[i] = pad(label.to(device), borders, PaddingModes.Constant, SegmentationMap.Ignore);
        }
        return (Laid(stack(pixels)).MoveToOuterDisposeScope(), stack(labels).to(int64).MoveToOuterDisposeScope());
    }

    private Tensor Normalized(Tensor image, Device device)
    {
        if (image.dim() != 3 || image.shape[0] != 3 || image.dtype != ScalarType.Float32)
            throw new ArgumentException(
                $"The image is {image.dtype} [{string.Join(", ", image.shape)}]; expected Float32 [3, H, W] with values in [0, 1].",
                nameof(image));
        Tensor mean = tensor(options.ImageMean.ToArray()).to(device).reshape(3, 1, 1),
            std = tensor(options.ImageStd.ToArray()).to(device).reshape(3, 1, 1);
        return (image.to(device) - mean) / std;
    }

    private static long Missing(long side, int divisor) => (divisor - side % divisor) % divisor;

    private Tensor Laid(Tensor images) => options.ChannelsLast ? MemoryFormat.ChannelsLast(images) : images;
}
