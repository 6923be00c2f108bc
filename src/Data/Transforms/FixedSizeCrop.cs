using OpenCvSharp;

namespace Vision.Data;

/// <summary>Crops a window of fixed size at a random position, and pads images that are too small at the right and the bottom, as
/// torchvision's references do.</summary>
public sealed record FixedSizeCrop : IImageTransform
{
    /// <summary>Width in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>The padding color: black.</summary>
    public (byte Red, byte Green, byte Blue) Fill { get; init; }

    /// <summary>The minimum fraction of an object that must remain, in [0, 1]. By default any rest is enough, as in torchvision.</summary>
    public double MinVisible { get; init => field = Probability.Checked(value); }

    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
    {
        // One random number determines both offsets, as in torchvision.
        double place = random.NextDouble();
        int left = (int)(Math.Max(0, image.Width - Width) * place), top = (int)(Math.Max(0, image.Height - Height) * place);
        using (image)
            return (Crop.Padded(image, left, top, Width, Height, Fill),
                targets.Moved(Width, Height, AffineMap.Shift(-left, -top), MinVisible));
    }
}
