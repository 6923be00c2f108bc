using OpenCvSharp;

namespace Vision.Data;

/// <summary>
/// Scales the image, keeping its aspect ratio, until its short side has the given length or its long side reaches the given maximum,
/// whichever comes first.
/// </summary>
/// <remarks>
/// Detectors do this themselves. Doing it here as well saves memory and worker time
/// if photographs are much larger than the detector's input.
/// </remarks>
public sealed class Resize : IImageTransform
{
    private readonly int shortSide;
    private readonly int longSide;

    /// <summary>Sets the lengths.</summary>
    /// <param name="shortSide">Target length of the short side, in pixels.</param>
    /// <param name="longSide">Maximum length of the long side, in pixels.</param>
    public Resize(int shortSide, int longSide)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shortSide, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(longSide, shortSide);
        this.shortSide = shortSide;
        this.longSide = longSide;
    }

    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
    {
        double scale = Math.Min((double)shortSide / Math.Min(image.Width, image.Height),
            (double)longSide / Math.Max(image.Width, image.Height));
        int width = Math.Max(1, (int)Math.Round(image.Width * scale)), height = Math.Max(1, (int)Math.Round(image.Height * scale));
        if (width == image.Width && height == image.Height) return (image, targets);

        // Area averaging keeps small objects from vanishing through aliasing when shrinking.
        Mat resized = new();
        using (image)
            Cv2.Resize(image, resized, new Size(width, height), 0, 0, scale < 1 ? InterpolationFlags.Area : InterpolationFlags.Linear);
        return (resized, targets.Moved(width, height, AffineMap.Scale((double)width / targets.Width, (double)height / targets.Height)));
    }
}
