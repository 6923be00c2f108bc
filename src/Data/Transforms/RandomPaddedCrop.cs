using OpenCvSharp;

namespace Vision.Data;

/// <summary>Pads the image with black and crops a square at a random position: the usual augmentation for CIFAR (torchvision's RandomCrop
/// with padding).</summary>
public sealed class RandomPaddedCrop : IImageTransform
{
    private readonly int size;
    private readonly int padding;

    /// <summary>Sets the sizes.</summary>
    /// <param name="size">Side of the square, in pixels. The short side of an image of another size is scaled to it first.</param>
    /// <param name="padding">Black padding on each side, in pixels: usually an eighth of the square, 4 for CIFAR's 32.</param>
    public RandomPaddedCrop(int size, int padding)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        (this.size, this.padding) = (size, padding);
    }

    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
    {
        int shortSide = Math.Min(image.Width, image.Height);
        if (shortSide != size)
        {
            (int width, int height) = (targets.Width, targets.Height);
            (int newWidth, int newHeight) = (Scaled(width, shortSide), Scaled(height, shortSide));
            Mat resized = ImageResize.Resized(image, newWidth, newHeight);
            image.Dispose();
            image = resized;
            targets = targets.Moved(newWidth, newHeight, AffineMap.Scale((double)newWidth / width, (double)newHeight / height));
        }
        using (image)
        {
            int left = random.Next(image.Width + 2 * padding - size + 1) - padding,
                top = random.Next(image.Height + 2 * padding - size + 1) - padding;
            return (Crop.Padded(image, left, top, size, size), targets.Moved(size, size, AffineMap.Shift(-left, -top)));
        }
    }

    private int Scaled(int side, int shortSide) => (int)((long)size * side / shortSide);
}
