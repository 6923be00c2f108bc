namespace Vision.Data;

/// <summary>
/// Draws polygons into masks, pixel for pixel as pycocotools does: corners are rounded to a grid five times as fine, each edge is traced
/// from grid point to grid point, and where it crosses the middle of a pixel column, that column switches between outside and inside from
/// that row on.
/// </summary>
/// <remarks>Only the crossings of column middles are computed, so the cost depends on the columns,
/// not on the length of the edges.</remarks>
public static class PolygonRaster
{
    private const double Fine = 5;

    // Beyond it, integers on the fine grid would no longer be exact in the interpolation.
    private const double Farthest = 1e8;

    /// <summary>The union of polygons.</summary>
    /// <param name="polygons">Each x1, y1, x2, y2, … in pixels; the parts outside the image are cut off.</param>
    /// <param name="width">Width of the image in pixels.</param>
    /// <param name="height">Height of the image in pixels.</param>
    /// <exception cref="InputException">A polygon has an odd number of coordinates, or one that is not a number within ±10⁸.</exception>
    public static RleMask Fill(IReadOnlyList<double[]> polygons, int width, int height)
    {
        List<RleMask> masks = new(polygons.Count);
        List<long> changes = [];
        foreach (double[] polygon in polygons)
        {
            changes.Clear();
            AddChanges(changes, polygon, width, height);
            masks.Add(Between(changes, width, height));
        }
        return masks.Count == 0 ? new(width, height, [(uint)((long)width * height)]) : RleMask.Union(masks);
    }

    /// <summary>The decimal number that a float was read from, in double precision: 0.1f is 0.1, not 0.10000000149.</summary>
    /// <remarks>Annotations have one or two decimals, and corners at odd tenths lie exactly between two points of the fine grid.</remarks>
    internal static double AsWritten(float value) => Math.Abs(value) < Farthest ? (double)(decimal)value : value;

    private static void AddChanges(List<long> changes, double[] polygon, int width, int height)
    {
        if (polygon.Length % 2 != 0)
            throw new InputException($"A polygon has {polygon.Length} coordinates; expected pairs of x and y.");
        for (int i = 0; i < polygon.Length; i += 2)
        {
            int next = (i + 2) % polygon.Length;
            AddChanges(
                changes, OnGrid(polygon[i]), OnGrid(polygon[i + 1]), OnGrid(polygon[next]), OnGrid(polygon[next + 1]), width, height);
        }
    }

    private static double OnGrid(double coordinate) => Math.Abs(coordinate) <= Farthest ? Math.Truncate(Fine * coordinate + 0.5)
        : throw new InputException($"A polygon has the coordinate {coordinate}; expected pixels within ±100000000.");

    private static void AddChanges(List<long> changes, double x1, double y1, double x2, double y2, int width, int height)
    {
        double across = Math.Abs(x2 - x1), down = Math.Abs(y2 - y1);
        bool flat = across >= down;
        if (flat ? x1 > x2 : y1 > y2) (x1, y1, x2, y2) = (x2, y2, x1, y1);
        double slope = flat ? (y2 - y1) / across : (x2 - x1) / down;

        // The middle of column c is between the grid's 5c + 2 and 5c + 3.
        int first = (int)Math.Max(0, Math.Ceiling((Math.Min(x1, x2) - 2) / Fine));
        int last = (int)Math.Min(width - 1, Math.Floor((Math.Max(x1, x2) - 3) / Fine));
        for (int column = first; column <= last; column++)
        {
            double left = Fine * column + 2, upper;
            if (flat)
            {
                double t = left - x1;
                upper = Math.Min(Math.Truncate(y1 + slope * t + 0.5), Math.Truncate(y1 + slope * (t + 1) + 0.5));
            }
            else upper = y1 + LastStepBefore(left, x1, slope);
            double row = Math.Ceiling(Math.Clamp((upper + 0.5) / Fine - 0.5, 0, height));
            changes.Add((long)column * height + (long)row);
        }
    }

    /// <summary>For a steep edge: the last step whose point is still on the side of the column's middle where the edge starts.</summary>
    private static double LastStepBefore(double left, double x1, double slope)
    {
        // The estimate may be one step off because of rounding.
        double t = Math.Floor((left + 0.5 - x1) / slope);
        while (!Before(t)) t--;
        while (Before(t + 1)) t++;
        return t;

        bool Before(double step)
        {
            double x = Math.Truncate(x1 + slope * step + 0.5);
            return slope > 0 ? x <= left : x > left;
        }
    }

    /// <summary>The mask that changes between outside and inside at the given places, counted down the columns.</summary>
    private static RleMask Between(List<long> changes, int width, int height)
    {
        changes.Sort();
        List<uint> counts = new(changes.Count + 1);
        long start = 0, end = (long)width * height;
        for (int i = 0; i < changes.Count; i++)
        {
            // Two changes at the same place cancel out.
            if (i + 1 < changes.Count && changes[i + 1] == changes[i])
            {
                i++;
                continue;
            }
            if (changes[i] == end) break;
            counts.Add((uint)(changes[i] - start));
            start = changes[i];
        }
        counts.Add((uint)(end - start));
        return new(width, height, [.. counts]);
    }
}
