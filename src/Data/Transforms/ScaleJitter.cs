using OpenCvSharp;

namespace Vision.Data;

/// <summary>
/// Scales the image, keeping its aspect ratio, to fit a target size times a random factor: large-scale jittering (Ghiasi et al. 2020,
/// arXiv:2012.07177), as in torchvision's references. Usually followed by a <see cref="FixedSizeCrop"/>.
/// </summary>
public sealed record ScaleJitter : IImageTransform
{
    /// <summary>Target width in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Target height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>The minimum factor: 0.1, the paper's large jitter.</summary>
    public double Least { get; init; } = 0.1;

    /// <summary>The maximum factor: 2, the paper's large jitter.</summary>
    public double Greatest { get; init; } = 2;

    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
    {
        double factor = Least + (Greatest - Least) * random.NextDouble();
        double scale = Math.Min((double)Width / image.Width, (double)Height / image.Height) * factor;
        return Resized(image, targets, Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale)));
    }

    /// <summary>Resizes an image, of which it takes ownership, and its ground truth.</summary>
    internal static (Mat Image, Targets Targets) Resized(Mat image, Targets targets, int width, int height)
    {
        if ((width, height) == (image.Width, image.Height)) return (image, targets);
        Mat resized = new();
        bool shrinks = (long)width * height < (long)image.Width * image.Height;
        using (image)
            Cv2.Resize(image, resized, new Size(width, height), 0, 0, shrinks ? InterpolationFlags.Area : InterpolationFlags.Linear);
        return (resized, targets.Moved(width, height, AffineMap.Scale((double)width / targets.Width, (double)height / targets.Height)));
    }
}
