using OpenCvSharp;

namespace Vision.Data;

/// <summary>
/// Cuts a window of one size from a random place where no class fills nearly all of it, so that a road or a sky does not drown the rest:
/// the usual crop of segmentation, as MMSegmentation's recipes draw it. Windows are drawn again while one class is too large, and the last
/// one is taken; a class's frequency in the data set need not be known.
/// </summary>
/// <remarks>What the image lacks is filled up at the right and at the bottom, and ignored there. A
/// <see cref="ScaleJitter"/> goes before it as a rule.</remarks>
public sealed record ClassBalancedCrop : IImageTransform
{
    /// <summary>Width in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>The greatest part of the classified pixels that one class may have, in [0, 1]:
    /// 0.75, the recipes'. With 1 every window will do.</summary>
    public double MaxShare { get; init => field = Probability.Checked(value); } = 0.75;

    /// <summary>Windows that are drawn at most: 10, the recipes'. The last is taken as it is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int Attempts
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At least one window is drawn.");
    } = 10;

    /// <summary>The color beside the image: ImageNet's mean, which is about 0 once normalized.</summary>
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

    /// <summary>The part of a window's classified pixels that its largest class has; 1 where none is classified.</summary>
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
