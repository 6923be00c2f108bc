using OpenCvSharp;

namespace Vision.Data;

/// <summary>Cuts a window of one size from a random place, and fills up at the right and at the bottom
/// what the image lacks, as torchvision's references do.</summary>
public sealed record FixedSizeCrop : IImageTransform
{
    /// <summary>Width in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>The color beside the image: black.</summary>
    public (byte Red, byte Green, byte Blue) Fill { get; init; }

    /// <summary>The least part of an object that has to be left, in [0, 1]. By default anything is enough, as in torchvision.</summary>
    public double MinVisible { get; init => field = Probability.Checked(value); }

    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
    {
        // One number decides both offsets, as in torchvision.
        double place = random.NextDouble();
        int left = (int)(Math.Max(0, image.Width - Width) * place), top = (int)(Math.Max(0, image.Height - Height) * place);
        using (image)
            return (Crop.Padded(image, left, top, Width, Height, Fill),
                targets.Moved(Width, Height, AffineMap.Shift(-left, -top), MinVisible));
    }
}
