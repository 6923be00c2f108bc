using OpenCvSharp;

namespace Vision.Data;

/// <summary>
/// The preprocessing for evaluating classifiers: scales the short side to a given length and crops a square from the center, as torchvision
/// does. An image smaller than the square is padded with black.
/// </summary>
public sealed class ResizeAndCenterCrop : IImageTransform
{
    private readonly int resizeSize;
    private readonly int cropSize;
    private readonly ResizeFilter filter;

    /// <summary>Sets the sizes.</summary>
    /// <param name="resizeSize">Length of the short side before the crop, in pixels.</param>
    /// <param name="cropSize">Side of the square, in pixels.</param>
    /// <param name="filter">How pixels are weighted.</param>
    public ResizeAndCenterCrop(int resizeSize, int cropSize, ResizeFilter filter = ResizeFilter.Bilinear)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resizeSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(cropSize, 1);
        (this.resizeSize, this.cropSize, this.filter) = (resizeSize, cropSize, filter);
    }

    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
    {
        (int width, int height, int left, int top) = PlaceIn(image.Width, image.Height);
        using (image)
        using (Mat resized = ImageResize.Resized(image, width, height, filter))
        {
            AffineMap map = AffineMap.Scale((double)width / image.Width, (double)height / image.Height).Then(AffineMap.Shift(-left, -top));
            return (Crop.Padded(resized, left, top, cropSize, cropSize), targets.Moved(cropSize, cropSize, map));
        }
    }

    /// <summary>The position of the square in an image: the size to which the image is scaled, and the square's upper left corner in the
    /// scaled image, negative if the image is padded.</summary>
    /// <param name="width">Width of the image, in pixels.</param>
    /// <param name="height">Height of the image, in pixels.</param>
    public (int Width, int Height, int Left, int Top) PlaceIn(int width, int height)
    {
        // The long side is rounded down, as in torchvision.
        (int newWidth, int newHeight) = width <= height
            ? (resizeSize, (int)((long)resizeSize * height / width))
            : ((int)((long)resizeSize * width / height), resizeSize);
        return (newWidth, newHeight, Start(newWidth), Start(newHeight));

        // Halves round to even, as in Python; padding goes before images that are too small.
        int Start(int side) => side >= cropSize ? (int)Math.Round((side - cropSize) / 2.0) : -((cropSize - side) / 2);
    }
}
