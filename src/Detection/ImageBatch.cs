using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Preprocessed images: normalized, resized, and padded to a common size.</summary>
public sealed class ImageBatch
{
    /// <summary>[N, 3, H, W]; H and W are multiples of the detector's size divisor, usually 32. Each image is
    /// padded at the right and bottom with zeros, the mean color.</summary>
    public required Tensor Pixels { get; init; }

    /// <summary>The size of each image after resizing, without padding.</summary>
    public required ImageSize[] Sizes { get; init; }

    /// <summary>The size of each original image.</summary>
    public required ImageSize[] OriginalSizes { get; init; }

    /// <summary>The size of <see cref="Pixels"/>.</summary>
    public ImageSize PaddedSize => new((int)Pixels.shape[2], (int)Pixels.shape[3]);

    /// <summary>The factor from x in the original image to x in the resized image.</summary>
    public float ScaleX(int image) => (float)Sizes[image].Width / OriginalSizes[image].Width;

    /// <summary>The factor from y in the original image to y in the resized image.</summary>
    public float ScaleY(int image) => (float)Sizes[image].Height / OriginalSizes[image].Height;
}
