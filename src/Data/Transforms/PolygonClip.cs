namespace Vision.Data;

/// <summary>Clips polygons to an image (Sutherland and Hodgman 1974, doi:10.1145/360767.360802).</summary>
internal static class PolygonClip
{
    /// <summary>Clips a polygon x1, y1, x2, y2, …; empty if nothing of it lies inside. Parts of a concave polygon may stay joined by lines
    /// along the border, which have no area.</summary>
    public static float[] To(float[] polygon, int width, int height)
    {
        if (IsInside(polygon, width, height)) return polygon;
        List<(double X, double Y)> points = [];
        for (int i = 0; i + 1 < polygon.Length; i += 2) points.Add((polygon[i], polygon[i + 1]));
        points = Cut(points, point => point.X);
        points = Cut(points, point => width - point.X);
        points = Cut(points, point => point.Y);
        points = Cut(points, point => height - point.Y);
        float[] cut = [.. points.SelectMany(point =>
            new[] { Math.Clamp((float)point.X, 0, width), Math.Clamp((float)point.Y, 0, height) })];
        return Area(cut) > 0 ? cut : [];
    }

    /// <summary>The area of a polygon, in square pixels.</summary>
    public static double Area(float[] polygon)
    {
        double twice = 0;
        for (int i = 0, before = polygon.Length - 2; i < polygon.Length; before = i, i += 2)
            twice += (double)polygon[before] * polygon[i + 1] - (double)polygon[i] * polygon[before + 1];
        return Math.Abs(twice) / 2;
    }

    private static bool IsInside(float[] polygon, int width, int height)
    {
        for (int i = 0; i < polygon.Length; i++)
            if (polygon[i] < 0 || polygon[i] > (i % 2 == 0 ? width : height)) return false;
        return true;
    }

    /// <summary>Keeps the side where the distance is not negative.</summary>
    private static List<(double X, double Y)> Cut(List<(double X, double Y)> points, Func<(double X, double Y), double> distance)
    {
        List<(double, double)> kept = new(points.Count + 4);
        for (int i = 0; i < points.Count; i++)
        {
            var (from, to) = (points[(i + points.Count - 1) % points.Count], points[i]);
            double before = distance(from), after = distance(to);
            if (before < 0 != after < 0)
            {
                double part = before / (before - after);
                kept.Add((from.X + part * (to.X - from.X), from.Y + part * (to.Y - from.Y)));
            }
            if (after >= 0) kept.Add(to);
        }
        return kept;
    }
}
