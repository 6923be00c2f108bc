using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Images as the network sees them: normalized, resized, and padded to one size.</summary>
public sealed class ImageBatch
{
    /// <summary>[N, 3, H, W]; H and W are multiples of the detector's divisor, mostly 32. Right of and
    /// below each image there are zeros, the mean color.</summary>
    public required Tensor Pixels { get; init; }

    /// <summary>The size of each image after resizing, without the padding.</summary>
    public required ImageSize[] Sizes { get; init; }

    /// <summary>The size of each image as it was given.</summary>
    public required ImageSize[] OriginalSizes { get; init; }

    /// <summary>The size of <see cref="Pixels"/>.</summary>
    public ImageSize PaddedSize => new((int)Pixels.shape[2], (int)Pixels.shape[3]);

    /// <summary>What an x in the original image is multiplied by to be one in the resized image.</summary>
    public float ScaleX(int image) => (float)Sizes[image].Width / OriginalSizes[image].Width;

    /// <summary>What a y in the original image is multiplied by to be one in the resized image.</summary>
    public float ScaleY(int image) => (float)Sizes[image].Height / OriginalSizes[image].Height;
}
