using TorchSharp;
using Vision.Ops;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Detection;

/// <summary>What a detector does to images before its network sees them: normalise, resize to its scale, pad and batch.</summary>
public sealed class DetectorInput
{
    /// <summary>The coarsest stride of the backbone: a padded side is a multiple of it, so that no level is cut.</summary>
    private const int SizeDivisor = 32;

    private readonly DetectorOptions options;
    private readonly int sizeDivisor;

    /// <summary>The input of a detector with these options.</summary>
    /// <param name="options">The detector's options.</param>
    /// <param name="sizeDivisor">What the sides of a batch are padded to multiples of.</param>
    public DetectorInput(DetectorOptions options, int sizeDivisor = SizeDivisor) => (this.options, this.sizeDivisor) = (options, sizeDivisor);

    /// <summary>Images at the scale of prediction.</summary>
    /// <param name="images">RGB, float32 in [0, 1], [3, H, W]; of any sizes, on any device.</param>
    /// <param name="device">The network's device.</param>
    /// <exception cref="ArgumentException">There are no images, or one has another shape or type.</exception>
    public ImageBatch ForPrediction(IReadOnlyList<Tensor> images, Device device) =>
        Prepare(images, device, () => options.MinSize);

    /// <summary>Images at a scale that is drawn for each.</summary>
    /// <inheritdoc cref="ForPrediction"/>
    public ImageBatch ForTraining(IReadOnlyList<Tensor> images, Device device)
    {
        IReadOnlyList<int> sizes = options.TrainMinSizes.Count > 0 ? options.TrainMinSizes : [options.MinSize];
        // One number is drawn per image even where there is no choice, as in torchvision: the samplers then see the same random state.
        return Prepare(images, device, () => sizes[(int)(rand(1).item<float>() * sizes.Count)]);
    }

    private ImageBatch Prepare(IReadOnlyList<Tensor> images, Device device, Func<int> minSize)
    {
        if (images.Count == 0) throw new ArgumentException("Expected at least one image.", nameof(images));
        using var scope = NewDisposeScope();
        Tensor mean = tensor(options.ImageMean.ToArray()).to(device).reshape(3, 1, 1);
        Tensor std = tensor(options.ImageStd.ToArray()).to(device).reshape(3, 1, 1);

        var resized = new Tensor[images.Count];
        var original = new ImageSize[images.Count];
        for (int i = 0; i < images.Count; i++)
        {
            Tensor image = images[i];
            if (image.dim() != 3 || image.shape[0] != 3 || image.dtype != ScalarType.Float32)
                throw new ArgumentException($"Image {i} is {image.dtype} [{string.Join(", ", image.shape)}]; expected Float32 [3, H, W] with values in [0, 1].", nameof(images));
            original[i] = new((int)image.shape[1], (int)image.shape[2]);
            resized[i] = Resize((image.to(device) - mean) / std, original[i], minSize());
        }
        ImageSize[] sizes = [.. resized.Select(image => new ImageSize((int)image.shape[1], (int)image.shape[2]))];
        Tensor batch = Pad(resized, sizes);
        Tensor pixels = options.ChannelsLast ? MemoryFormat.ChannelsLast(batch) : batch;
        return new ImageBatch { Pixels = pixels.MoveToOuterDisposeScope(), Sizes = sizes, OriginalSizes = original };
    }

    /// <summary>The size that an image is resized to: its shorter side becomes <paramref name="minSize"/>, unless its longer side would exceed MaxSize.</summary>
    internal ImageSize ResizedSize(ImageSize size, int minSize)
    {
        // In single precision, through the reciprocal, and rounded down, as in torchvision (Python divides a number by a tensor so):
        // a pixel more or less would move every box.
        double scale = Math.Min(
            1f / Math.Min(size.Height, size.Width) * minSize,
            1f / Math.Max(size.Height, size.Width) * options.MaxSize);
        // A strip of 1×4000 pixels keeps a row, where torchvision would have none.
        return new(Math.Max(1, (int)Math.Floor(size.Height * scale)), Math.Max(1, (int)Math.Floor(size.Width * scale)));
    }

    private Tensor Resize(Tensor image, ImageSize size, int minSize)
    {
        ImageSize target = ResizedSize(size, minSize);
        return target == size
            ? image
            : interpolate(image.unsqueeze(0), [target.Height, target.Width], mode: InterpolationMode.Bilinear, align_corners: false).squeeze(0);
    }

    private Tensor Pad(Tensor[] images, ImageSize[] sizes)
    {
        long height = RoundUp(sizes.Max(size => size.Height));
        long width = RoundUp(sizes.Max(size => size.Width));
        Tensor batch = zeros(images.Length, 3, height, width, device: images[0].device);     // [N, 3, H, W]
        for (int i = 0; i < images.Length; i++)
            batch[i].narrow(1, 0, sizes[i].Height).narrow(2, 0, sizes[i].Width).copy_(images[i]);
        return batch;
    }

    private long RoundUp(int side) => (side + sizeDivisor - 1) / sizeDivisor * sizeDivisor;
}
