using OpenCvSharp;

namespace Vision.Data;

/// <summary>Puts the image on a larger canvas at a random place, which makes its objects small, as SSD is trained (Liu et al. 2015,
/// arXiv:1512.02325); drawn as torchvision's references draw it.</summary>
public sealed record RandomZoomOut : IImageTransform
{
    /// <summary>How often, in [0, 1].</summary>
    public double Chance { get; init => field = Probability.Checked(value); } = 0.5;

    /// <summary>The greatest side of the canvas, in sides of the image: 4, SSD's.</summary>
    public double MaxSide { get; init; } = 4;

    /// <summary>The color around the image: ImageNet's mean, which is about 0 once normalized.</summary>
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
