namespace Vision.Data;

/// <summary>Computations on the runs of masks, without decoding pixels: linear in the number of runs.</summary>
internal static class RleRuns
{
    /// <summary>The number of pixels inside both.</summary>
    public static long IntersectionArea(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b)
    {
        if (a.Length == 0 || b.Length == 0) return 0;
        long area = 0;
        int i = 0, j = 0;
        uint leftA = a[0], leftB = b[0];
        while (true)
        {
            uint step = Math.Min(leftA, leftB);
            if ((i & j & 1) == 1) area += step;
            if ((leftA -= step) == 0)
            {
                if (++i == a.Length) return area;
                leftA = a[i];
            }
            if ((leftB -= step) == 0)
            {
                if (++j == b.Length) return area;
                leftB = b[j];
            }
        }
    }

    /// <summary>The pixels inside any, or all, of several masks.</summary>
    public static RleMask Merge(IReadOnlyList<RleMask> masks, bool either)
    {
        if (masks.Count == 0)
            throw new ArgumentException("There are no masks to merge; at least one is needed to know the size.", nameof(masks));
        foreach (RleMask mask in masks) RequireOneSize(masks[0], mask);
        uint[] merged = masks[0].Counts.ToArray();
        for (int i = 1; i < masks.Count; i++) merged = Merge(merged, masks[i].Counts, either);
        return new(masks[0].Width, masks[0].Height, merged);
    }

    private static uint[] Merge(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b, bool either)
    {
        if (a.Length == 0 || b.Length == 0) return [];       // masks of equal size: both cover nothing
        List<uint> merged = new(a.Length + b.Length);
        bool inside = false;
        uint run = 0;
        int i = 0, j = 0;
        uint leftA = a[0], leftB = b[0];
        while (i < a.Length && j < b.Length)
        {
            uint step = Math.Min(leftA, leftB);
            if (step > 0)
            {
                bool now = ((either ? i | j : i & j) & 1) == 1;
                if (now != inside)
                {
                    merged.Add(run);
                    (run, inside) = (0, now);
                }
                run += step;
            }
            if ((leftA -= step) == 0 && ++i < a.Length) leftA = a[i];
            if ((leftB -= step) == 0 && ++j < b.Length) leftB = b[j];
        }
        merged.Add(run);
        return [.. merged];
    }

    /// <summary>The smallest box around the pixels inside; all 0 if there are none.</summary>
    public static Box BoundingBox(ReadOnlySpan<uint> counts, int height)
    {
        long left = long.MaxValue, top = long.MaxValue, right = -1, bottom = -1, at = 0;
        for (int i = 0; i < counts.Length; at += counts[i++])
        {
            if (i % 2 == 0 || counts[i] == 0) continue;
            (long x1, long y1) = Math.DivRem(at, height);
            (long x2, long y2) = Math.DivRem(at + counts[i] - 1, height);
            // A run across the end of a column contains that column's last pixel and the next column's first.
            if (x2 > x1) (y1, y2) = (0, height - 1);
            (left, right) = (Math.Min(left, x1), Math.Max(right, x2));
            (top, bottom) = (Math.Min(top, y1), Math.Max(bottom, y2));
        }
        return right < 0 ? default : new(left, top, right + 1, bottom + 1);
    }

    /// <summary>Throws unless both masks have the same image size.</summary>
    public static void RequireOneSize(RleMask a, RleMask b)
    {
        if (a.Width != b.Width || a.Height != b.Height)
            throw new ArgumentException(
                $"The masks are of images of {a.Width}×{a.Height} and {b.Width}×{b.Height} pixels; expected the same size.");
    }
}
