using OpenCvSharp;

namespace Vision.Data;

/// <summary>Covers a random rectangle of some images with a uniform color (Zhong et al. 2017, arXiv:1708.04896), drawn as in torchvision.
/// Boxes are unchanged, and covered pixels lose their class.</summary>
public sealed record RandomErasing : IImageTransform
{
    private const int Attempts = 10;
    private const double MinArea = 0.02, MaxArea = 0.33, MaxRatio = 3.3, MinRatio = 0.3;

    /// <summary>The probability of applying it, in [0, 1]. ImageNet recipes use 0.1.</summary>
    public double Probability { get; init; } = 0.1;

    /// <summary>The fill color: ImageNet's mean, which normalizes to about 0, torchvision's fill value.</summary>
    public (byte Red, byte Green, byte Blue) Fill { get; init; } = (124, 116, 104);

    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
    {
        if (random.NextDouble() < Probability && Draw(image.Width, image.Height, random) is { } hidden)
        {
            using Mat part = image[hidden];
            part.SetTo(new Scalar(Fill.Red, Fill.Green, Fill.Blue));
            targets = targets with { Map = targets.Map?.Hidden(hidden) };
        }
        return (image, targets);
    }

    /// <summary>Draws the rectangle: its area and the logarithm of its aspect ratio are uniform;
    /// none if ten attempts were too large.</summary>
    internal static Rect? Draw(int width, int height, Random random)
    {
        for (int i = 0; i < Attempts; i++)
        {
            double part = (double)width * height * (MinArea + (MaxArea - MinArea) * random.NextDouble());
            double ratio = Math.Exp(Math.Log(MinRatio) + Math.Log(MaxRatio / MinRatio) * random.NextDouble());
            int h = (int)Math.Round(Math.Sqrt(part * ratio)), w = (int)Math.Round(Math.Sqrt(part / ratio));
            if (h > 0 && h < height && w > 0 && w < width) return new(random.Next(width - w + 1), random.Next(height - h + 1), w, h);
        }
        return null;
    }
}
