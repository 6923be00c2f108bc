using OpenCvSharp;

namespace Vision.Data;

/// <summary>Places the image at a random position on a larger canvas, which makes its objects smaller, as in SSD's training (Liu et al.
/// 2015, arXiv:1512.02325); drawn as in torchvision's references.</summary>
public sealed record RandomZoomOut : IImageTransform
{
    /// <summary>The probability of applying it, in [0, 1].</summary>
    public double Chance { get; init => field = Probability.Checked(value); } = 0.5;

    /// <summary>The maximum side of the canvas, as a multiple of the image's: SSD's 4.</summary>
    public double MaxSide { get; init; } = 4;

    /// <summary>The color around the image: ImageNet's mean, which normalizes to about 0.</summary>
    public (byte Red, byte Green, byte Blue) Fill { get; init; } = (124, 116, 104);

    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
    {
        if (random.NextDouble() >= Chance) return (image, targets);
        double side = 1 + (MaxSide - 1) * random.NextDouble();
        int width = (int)(image.Width * side), height = (int)(image.Height * side);
        int left = (int)((width - image.Width) * random.NextDouble()), top = (int)((height - image.Height) * random.NextDouble());
        using (image)
            return (Crop.Padded(image, -left, -top, width, height, Fill), targets.Moved(width, height, AffineMap.Shift(left, top)));
    }
}
