using OpenCvSharp;

namespace Vision.Data;

/// <summary>
/// Crops a random window and scales it to a square (Szegedy et al. 2014, arXiv:1409.4842): the usual augmentation for ImageNet. Windows are
/// drawn as in torchvision.
/// </summary>
public sealed record RandomResizedCrop : IImageTransform
{
    private const int Attempts = 10;

    /// <summary>Side of the square, in pixels.</summary>
    public required int Size { get; init; }

    /// <summary>The minimum fraction of the image's area: the paper's 0.08.</summary>
    public double MinArea { get; init; } = 0.08;

    /// <summary>The maximum aspect ratio of the window; the minimum is its inverse. The paper uses 4:3.</summary>
    public double MaxRatio { get; init; } = 4.0 / 3;

    /// <summary>How pixels are weighted.</summary>
    public ResizeFilter Filter { get; init; } = ResizeFilter.Bilinear;

    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
    {
        Rect window = Draw(image.Width, image.Height, random);
        using (image)
        using (Mat part = image[window])
        {
            AffineMap map = AffineMap.Shift(-window.X, -window.Y)
                .Then(AffineMap.Scale((double)Size / window.Width, (double)Size / window.Height));
            return (ImageResize.Resized(part, Size, Size, Filter), targets.Moved(Size, Size, map));
        }
    }

    /// <summary>Draws the window: its area and the logarithm of its aspect ratio are uniform. After ten that do not fit, the center of the
    /// image in an allowed aspect ratio.</summary>
    internal Rect Draw(int width, int height, Random random)
    {
        double area = (double)width * height, logRatio = Math.Log(MaxRatio);
        for (int i = 0; i < Attempts; i++)
        {
            double part = area * (MinArea + (1 - MinArea) * random.NextDouble()),
                ratio = Math.Exp(logRatio * (2 * random.NextDouble() - 1));
            int w = (int)Math.Round(Math.Sqrt(part * ratio)), h = (int)Math.Round(Math.Sqrt(part / ratio));
            if (w > 0 && w <= width && h > 0 && h <= height) return new(random.Next(width - w + 1), random.Next(height - h + 1), w, h);
        }
        double own = (double)width / height;
        (int middleWidth, int middleHeight) = own < 1 / MaxRatio ? (width, (int)Math.Round(width * MaxRatio))
            : own > MaxRatio ? ((int)Math.Round(height * MaxRatio), height)
            : (width, height);
        return new((width - middleWidth) / 2, (height - middleHeight) / 2, middleWidth, middleHeight);
    }
}
