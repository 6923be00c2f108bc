namespace Vision.Data;

/// <summary>Joins several polygons into one by lines that are traversed twice and so have no area.</summary>
internal static class PolygonBridge
{
    public static float[] Joined(IReadOnlyList<float[]> polygons)
    {
        float[] joined = polygons[0];
        foreach (float[] next in polygons.Skip(1))
        {
            (int from, int to) = Nearest(joined, next);
            joined =
            [
                .. joined[..(from + 2)],
                .. next[to..], .. next[..(to + 2)],
                .. joined[from..],
            ];
        }
        return joined;
    }

    /// <summary>The closest pair of points of two polygons, as the indices of their x.</summary>
    private static (int From, int To) Nearest(float[] a, float[] b)
    {
        (int, int) best = (0, 0);
        double least = double.PositiveInfinity;
        for (int i = 0; i < a.Length; i += 2)
        {
            for (int j = 0; j < b.Length; j += 2)
            {
                double x = (double)a[i] - b[j], y = (double)a[i + 1] - b[j + 1], distance = x * x + y * y;
                if (distance < least) (least, best) = (distance, (i, j));
            }
        }
        return best;
    }
}
