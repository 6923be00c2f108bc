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
    /// <param name="image">RGB, [3, h, w], float32 in [0, 1] or uint8.</param>
    /// <param name="height">The height that the image is resized to.</param>
    /// <param name="width">The width that it is resized to.</param>
    /// <param name="device">The network's device.</param>
    /// <param name="sizeDivisor">The number that sides must be multiples of.</param>
    /// <exception cref="ArgumentException">The image has the wrong shape or type.</exception>
    public Tensor ForPrediction(Tensor image, long height, long width, Device device, int sizeDivisor)
    {
        using var scope = NewDisposeScope();
        Tensor batch = Batch(1, RoundedUp(height, sizeDivisor), RoundedUp(width, sizeDivisor), device);
        Write(batch, 0, image, height, width);
        return batch.MoveToOuterDisposeScope();
    }

    /// <summary>Images as fed to the network, [N, 3, H, W], and the classes of their pixels, int64 [N, H, W]; smaller
    /// images are padded with the mean color and the label "ignore".</summary>
    /// <exception cref="ArgumentException">An image or its labels have the wrong shape or type.</exception>
    public (Tensor Pixels, Tensor Labels) ForTraining(SegmentationBatch batch, Device device)
    {
        using var scope = NewDisposeScope();
        long height = batch.Images.Max(image => image.shape[1]), width = batch.Images.Max(image => image.shape[2]);
        Tensor pixels = Batch(batch.Images.Length, height, width, device);
        var labels = new Tensor[batch.Images.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            Tensor image = batch.Images[i], label = batch.Labels[i];
            if (label.dtype != ScalarType.Byte || !label.shape.SequenceEqual(image.shape[1..]))
                throw new ArgumentException(
                    $"The labels of image {i} are {label.dtype} [{string.Join(", ", label.shape)}]; expected Byte " +
                    $"[{string.Join(", ", image.shape[1..])}].", nameof(batch));
            Write(pixels, i, image, image.shape[1], image.shape[2]);
            labels[i] = pad(label.to(device), (0, width - image.shape[2], 0, height - image.shape[1]), PaddingModes.Constant,
                SegmentationMap.Ignore);
        }
        return (pixels.MoveToOuterDisposeScope(), stack(labels).to(int64).MoveToOuterDisposeScope());
    }

    /// <summary>Zeros [N, 3, H, W], the mean color after normalization.</summary>
    private Tensor Batch(long count, long height, long width, Device device) => options.ChannelsLast
        ? zeros(count, height, width, 3, device: device).permute(0, 3, 1, 2)
        : zeros(count, 3, height, width, device: device);

    private void Write(Tensor batch, long index, Tensor image, long height, long width)
    {
        if (image.dim() != 3 || image.shape[0] != 3 || image.dtype is not (ScalarType.Float32 or ScalarType.Byte))
            throw new ArgumentException(
                $"The image is {image.dtype} [{string.Join(", ", image.shape)}]; expected Float32 [3, H, W] with values in [0, 1], or " +
                "Byte.", nameof(image));
        ImageInput.Write(batch[index].narrow(1, 0, height).narrow(2, 0, width), image, options.ImageMean, options.ImageStd);
    }

    private static long RoundedUp(long side, int divisor) => (side + divisor - 1) / divisor * divisor;
}
