using OpenCvSharp;

namespace Vision.Data;

/// <summary>
/// What classifiers are measured on: the short side is scaled to a length, and a square is cut from the middle, as torchvision does. An image smaller than the square is
/// surrounded with black.
/// </summary>
public sealed class ResizeAndCenterCrop : IImageTransform
{
    private readonly int resizeSize;
    private readonly int cropSize;
    private readonly ResizeFilter filter;

    /// <summary>Sets the sizes.</summary>
    /// <param name="resizeSize">Length of the short side before the crop, in pixels.</param>
    /// <param name="cropSize">Side of the square, in pixels.</param>
    /// <param name="filter">How pixels are weighed.</param>
    public ResizeAndCenterCrop(int resizeSize, int cropSize, ResizeFilter filter = ResizeFilter.Bilinear)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resizeSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(cropSize, 1);
        (this.resizeSize, this.cropSize, this.filter) = (resizeSize, cropSize, filter);
    }

    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
    {
        (int width, int height) = (image.Width, image.Height);
        // The long side is rounded down, as in torchvision.
        (int newWidth, int newHeight) = width <= height
            ? (resizeSize, (int)((long)resizeSize * height / width))
            : ((int)((long)resizeSize * width / height), resizeSize);
        using (image)
        using (Mat resized = ImageResize.Resized(image, newWidth, newHeight, filter))
        {
            // Half an odd rest goes to the even side, as Python rounds it; black goes before what is too small.
            int left = newWidth >= cropSize ? (int)Math.Round((newWidth - cropSize) / 2.0) : -((cropSize - newWidth) / 2);
            int top = newHeight >= cropSize ? (int)Math.Round((newHeight - cropSize) / 2.0) : -((cropSize - newHeight) / 2);
            AffineMap map = AffineMap.Scale((double)newWidth / width, (double)newHeight / height).Then(AffineMap.Shift(-left, -top));
            return (Crop.Padded(resized, left, top, cropSize, cropSize), targets.Moved(cropSize, cropSize, map));
        }
    }
}
