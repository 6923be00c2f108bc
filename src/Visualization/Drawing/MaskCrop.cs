using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization;

/// <summary>The part of a mask that has pixels, with a margin of one around it: 1 inside, 0 outside.</summary>
internal sealed class MaskCrop
{
    private readonly byte[] pixels;

    private MaskCrop(Rect place, byte[] pixels) => (Place, this.pixels) = (place, pixels);

    /// <summary>Its position in the image; the margin may lie outside.</summary>
    public Rect Place { get; }

    /// <summary>Crops a mask from its image, enlarged; null if it has no pixels.</summary>
    public static MaskCrop? From(RleMask mask, int enlargement)
    {
        if (Bounds(mask) is not { } bounds) return null;
        Rect place = new(bounds.X - 1, bounds.Y - 1, bounds.Width + 2, bounds.Height + 2);
        byte[] pixels = new byte[place.Width * place.Height];
        ForEachRun(mask, (x, y, length) =>
        {
            for (int at = (y - place.Y) * place.Width + x - place.X; length > 0; length--, at += place.Width) pixels[at] = 1;
        });
        return new MaskCrop(place, pixels).Enlarged(enlargement);
    }

    /// <summary>The coverage of each pixel with smoothed edges: 0 to 16.</summary>
    public byte[] Coverage() => Smoothed(pixels);

    /// <summary>The coverage after removing a rim of the given width in pixels.</summary>
    public byte[] InnerCoverage(int rim)
    {
        byte[] inner = pixels;
        for (; rim > 0; rim--) inner = WithoutEdge(inner);
        return Smoothed(inner);
    }

    private static Rect? Bounds(RleMask mask)
    {
        int left = int.MaxValue, top = int.MaxValue, right = -1, bottom = -1;
        ForEachRun(mask, (x, y, length) =>
        {
            (left, right) = (Math.Min(left, x), Math.Max(right, x));
            (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y + length - 1));
        });
        return right < 0 ? null : Rect.FromLTRB(left, top, right + 1, bottom + 1);
    }

    /// <summary>Calls back for each vertical run of inside pixels with its column, first row and length.</summary>
    private static void ForEachRun(RleMask mask, Action<int, int, int> run)
    {
        long at = 0;
        for (int i = 0; i < mask.Counts.Length; i++)
        {
            long end = at + mask.Counts[i];
            while (i % 2 == 1 && at < end)
            {
                (long x, long y) = Math.DivRem(at, mask.Height);
                long length = Math.Min(mask.Height - y, end - at);
                run((int)x, (int)y, (int)length);
                at += length;
            }
            at = end;
        }
    }

    private MaskCrop Enlarged(int factor)
    {
        if (factor == 1) return this;
        Rect place = new(Place.X * factor, Place.Y * factor, Place.Width * factor, Place.Height * factor);
        byte[] whites = [.. pixels.Select(pixel => (byte)(255 * pixel))];
        using Mat small = Mat.FromPixelData(Place.Height, Place.Width, MatType.CV_8UC1, whites);
        using Mat large = new();
        Cv2.Resize(small, large, place.Size, 0, 0, InterpolationFlags.Linear);
        large.GetArray(out byte[] grays);
        return new(place, [.. grays.Select(gray => gray >= 128 ? (byte)1 : (byte)0)]);
    }

    private byte[] WithoutEdge(byte[] inside)
    {
        byte[] result = new byte[inside.Length];
        int width = Place.Width;
        for (int i = width; i < inside.Length - width; i++)
            if (inside[i] == 1) result[i] = (byte)(inside[i - 1] & inside[i + 1] & inside[i - width] & inside[i + width]);
        return result;
    }

    // A binomial filter, (1, 2, 1) in both directions. The margin is outside, so that rows do not run into each other.
    private byte[] Smoothed(byte[] inside)
    {
        byte[] across = new byte[inside.Length], result = new byte[inside.Length];
        int width = Place.Width;
        for (int i = 1; i < inside.Length - 1; i++) across[i] = (byte)(inside[i - 1] + 2 * inside[i] + inside[i + 1]);
        for (int i = 0; i < inside.Length; i++)
            result[i] = (byte)((i >= width ? across[i - width] : 0) + 2 * across[i] + (i + width < inside.Length ? across[i + width] : 0));
        return result;
    }
}
