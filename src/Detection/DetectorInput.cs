using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The preprocessing of a detector: normalizes, resizes, pads and batches images.</summary>
public sealed class DetectorInput
{
    /// <summary>The coarsest stride of the backbone: padded sides are multiples of it, so that no level is truncated.</summary>
    internal const int SizeDivisor = 32;

    private readonly DetectorOptions options;
    private readonly ResizeMode fit;

    /// <summary>The preprocessing with the given options.</summary>
    /// <param name="options">Sizes and normalization.</param>
    /// <param name="fit">How an image is resized to these sizes.</param>
    /// <exception cref="ArgumentException">The fit requires a square, but the options' sizes differ.</exception>
    public DetectorInput(DetectorOptions options, ResizeMode fit = ResizeMode.ShorterSide)
    {
        if (fit != ResizeMode.ShorterSide && options.MinSize != options.MaxSize)
            throw new ArgumentException(
                $"This detector needs square inputs, but MinSize is {options.MinSize} and MaxSize is {options.MaxSize}; set both to the " +
                $"side of the square, or start from {nameof(DetectorCatalog)}.{nameof(DetectorCatalog.DefaultsOf)}.", nameof(options));
        (this.options, this.fit) = (options, fit);
    }

    /// <summary>The sizes and the normalization.</summary>
    internal DetectorOptions Options => options;

    /// <summary>How an image is resized.</summary>
    internal ResizeMode Fit => fit;

    /// <summary>Images at the size for prediction.</summary>
    /// <param name="images">RGB, [3, H, W], float32 in [0, 1] or uint8; of any sizes, on any device.</param>
    /// <param name="device">The network's device.</param>
    /// <param name="scale">A factor on the sizes of the options.</param>
    /// <exception cref="ArgumentException">There are no images, or one has the wrong shape or type.</exception>
    public ImageBatch ForPrediction(IReadOnlyList<Tensor> images, Device device, double scale = 1) =>
        Prepare(images, device, () => Scaled(options.MinSize, scale), Scaled(options.MaxSize, scale));

    /// <summary>Images at sizes for training, drawn at random for each image.</summary>
    /// <param name="images">As in <see cref="ForPrediction"/>.</param>
    /// <param name="device">The network's device.</param>
    /// <exception cref="ArgumentException">As in <see cref="ForPrediction"/>.</exception>
    public ImageBatch ForTraining(IReadOnlyList<Tensor> images, Device device)
    {
        IReadOnlyList<int> sizes = options.TrainMinSizes.Count > 0 ? options.TrainMinSizes : [options.MinSize];
        // One number is drawn per image even without a choice, as in torchvision, so that the samplers have the same random state.
        return Prepare(images, device, () => sizes[(int)(rand(1).item<float>() * sizes.Count)], options.MaxSize);
    }

    private ImageBatch Prepare(IReadOnlyList<Tensor> images, Device device, Func<int> minSize, int maxSize)
    {
        if (images.Count == 0) throw new ArgumentException("Expected at least one image.", nameof(images));
        using var scope = NewDisposeScope();
        var original = new ImageSize[images.Count];
        var sizes = new ImageSize[images.Count];
        for (int i = 0; i < images.Count; i++)
        {
            Tensor image = images[i];
            if (image.dim() != 3 || image.shape[0] != 3 || image.dtype is not (ScalarType.Float32 or ScalarType.Byte))
                throw new ArgumentException(
                    $"Image {i} is {image.dtype} [{string.Join(", ", image.shape)}]; expected Float32 [3, H, W] with values in [0, 1], " +
                    "or Byte.", nameof(images));
            original[i] = new((int)image.shape[1], (int)image.shape[2]);
            sizes[i] = ResizedSize(original[i], minSize(), maxSize);
        }
        ImageSize padded = PaddedSize(sizes, maxSize);
        Tensor pixels = options.ChannelsLast
            ? zeros(images.Count, padded.Height, padded.Width, 3, device: device).permute(0, 3, 1, 2)
            : zeros(images.Count, 3, padded.Height, padded.Width, device: device);                          // [N, 3, H, W]
        for (int i = 0; i < images.Count; i++)
        {
            Tensor slot = pixels[i].narrow(1, 0, sizes[i].Height).narrow(2, 0, sizes[i].Width);
            ImageInput.Write(slot, images[i], options.ImageMean, options.ImageStd);
        }
        return new ImageBatch { Pixels = pixels.MoveToOuterDisposeScope(), Sizes = sizes, OriginalSizes = original };
    }

    /// <summary>
    /// The size that an image is resized to: its shorter side becomes <paramref name="minSize"/>, unless its longer side would exceed
    /// <paramref name="maxSize"/>. A letterboxed square is filled in one direction, a stretched one in both. Sides are at least 1.
    /// </summary>
    internal ImageSize ResizedSize(ImageSize size, int minSize, int maxSize)
    {
        if (fit == ResizeMode.Stretched) return new(maxSize, maxSize);
        // In single precision, through the reciprocal, and rounded down, as in torchvision (where Python divides a number by a tensor):
        // a difference of one pixel would move every box.
        double scale = Math.Min(
            1f / Math.Min(size.Height, size.Width) * minSize,
            1f / Math.Max(size.Height, size.Width) * maxSize);
        return new(Math.Max(1, (int)Math.Floor(size.Height * scale)), Math.Max(1, (int)Math.Floor(size.Width * scale)));
    }

    private ImageSize PaddedSize(ImageSize[] sizes, int maxSize) => fit switch
    {
        ResizeMode.Stretched => new(maxSize, maxSize),
        ResizeMode.Letterbox => new(RoundUp(maxSize), RoundUp(maxSize)),
        _ => new(RoundUp(sizes.Max(size => size.Height)), RoundUp(sizes.Max(size => size.Width))),
    };

    private static int Scaled(int side, double scale) => Math.Max(1, (int)Math.Round(side * scale));

    private static int RoundUp(int side) => (side + SizeDivisor - 1) / SizeDivisor * SizeDivisor;
}
