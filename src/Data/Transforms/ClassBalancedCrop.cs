using OpenCvSharp;

namespace Vision.Data;

/// <summary>
/// Crops a window of fixed size at a random position where no class fills nearly all of it, so that road or sky does not dominate: the
/// usual crop for segmentation, as in MMSegmentation's recipes. Windows are redrawn while one class is too large, and the last one is used;
/// class frequencies in the data set are not needed.
/// </summary>
/// <remarks>Images that are too small are padded at the right and the bottom, and ignored there. Usually applied after a
/// <see cref="ScaleJitter"/>.</remarks>
public sealed record ClassBalancedCrop : IImageTransform
{
    /// <summary>Width in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>The maximum share of the classified pixels that one class may have, in [0, 1]. The recipes use 0.75; with 1, every window
    /// is accepted.</summary>
    public double MaxShare { get; init => field = Probability.Checked(value); } = 0.75;

    /// <summary>The maximum number of windows drawn. The recipes use 10; the last one is used as it is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int Attempts
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At least one attempt is needed.");
    } = 10;

    /// <summary>The padding color: ImageNet's mean, which normalizes to about 0.</summary>
    public (byte Red, byte Green, byte Blue) Fill { get; init; } = (124, 116, 104);

    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
    {
        int freeAcross = Math.Max(0, image.Width - Width), freeDown = Math.Max(0, image.Height - Height);
        int attempts = targets.Map is null || MaxShare >= 1 || (freeAcross == 0 && freeDown == 0) ? 1 : Attempts;
        int left = 0, top = 0;
        for (int attempt = 1; attempt <= attempts; attempt++)
        {
            (left, top) = (random.Next(freeAcross + 1), random.Next(freeDown + 1));
            if (attempt < attempts && LargestShare(targets.Map!, left, top) <= MaxShare) break;
        }
        using (image)
            return (Crop.Padded(image, left, top, Width, Height, Fill), targets.Moved(Width, Height, AffineMap.Shift(-left, -top)));
    }

    /// <summary>The share of the largest class among a window's classified pixels; 1 if none is classified.</summary>
    private double LargestShare(SegmentationMap map, int left, int top)
    {
        int width = Math.Min(Width, map.Width - left), end = Math.Min(map.Height, top + Height);
        int[] counts = new int[256];
        for (int y = top; y < end; y++)
            foreach (byte value in map.Classes.AsSpan(y * map.Width + left, width)) counts[value]++;
        counts[SegmentationMap.Ignore] = 0;
        int all = counts.Sum();
        return all == 0 ? 1 : (double)counts.Max() / all;
    }
}
