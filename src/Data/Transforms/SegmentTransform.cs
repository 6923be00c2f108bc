namespace Vision.Data;

/// <summary>Transforms segments: polygons point by point, runs pixel by pixel.</summary>
internal static class SegmentTransform
{
    /// <summary>The segment in the new image, clipped to it, and the fraction of it that remains, in [0,
    /// 1]; null if nothing remains.</summary>
    public static (Segment? Segment, double Visible) Moved(Segment segment, AffineMap map, int width, int height) =>
        segment.Runs is { } runs ? Warped(runs, map, width, height) : Moved(segment.Polygons, map, width, height);

    /// <summary>The bounding box of the pixels or outlines; null if there are none.</summary>
    public static Box? Bounds(Segment segment)
    {
        if (segment.Runs is { } runs) return Bounds(runs);
        float[] points = [.. segment.Polygons.SelectMany(polygon => polygon)];
        if (points.Length < 2) return null;
        Box box = new(points[0], points[1], points[0], points[1]);
        for (int i = 2; i + 1 < points.Length; i += 2)
        {
            box = new(
                Math.Min(box.X1, points[i]), Math.Min(box.Y1, points[i + 1]),
                Math.Max(box.X2, points[i]), Math.Max(box.Y2, points[i + 1]));
        }
        return box;
    }

    private static Box? Bounds(RleMask mask) => mask.Area > 0 ? mask.BoundingBox : null;

    private static (Segment? Segment, double Visible) Moved(IReadOnlyList<float[]> polygons, AffineMap map, int width, int height)
    {
        List<float[]> kept = new(polygons.Count);
        double before = 0, after = 0;
        foreach (float[] polygon in polygons)
        {
            float[] moved = new float[polygon.Length];
            for (int i = 0; i + 1 < moved.Length; i += 2)
            {
                (double x, double y) = map.Of(polygon[i], polygon[i + 1]);
                (moved[i], moved[i + 1]) = ((float)x, (float)y);
            }
            float[] cut = PolygonClip.To(moved, width, height);
            before += PolygonClip.Area(moved);
            after += ReferenceEquals(cut, moved) ? PolygonClip.Area(moved) : PolygonClip.Area(cut);
            if (cut.Length >= 6) kept.Add(cut);
        }
        return kept.Count == 0 ? (null, 0) : (new Segment { Polygons = kept }, before > 0 ? after / before : 1);
    }

    private static (Segment? Segment, double Visible) Warped(RleMask mask, AffineMap map, int width, int height)
    {
        if (Bounds(mask) is not { } bounds) return (null, 0);
        if (map is { A: 1, B: 0, D: 0, E: 1 } && map.C == Math.Floor(map.C) && map.F == Math.Floor(map.F))
            return Shifted(mask, (int)map.C, (int)map.F, width, height);
        byte[] from = mask.Decode(), to = new byte[width * height];
        Box reach = map.Of(bounds).ClippedTo(width, height);
        long inside = 0;
        for (int y = (int)MathF.Floor(reach.Y1); y < (int)MathF.Ceiling(reach.Y2); y++)
        {
            for (int x = (int)MathF.Floor(reach.X1); x < (int)MathF.Ceiling(reach.X2); x++)
            {
                (double u, double v) = map.Back(x + 0.5, y + 0.5);
                int fromX = AffineMap.Nearest(u - 0.5), fromY = AffineMap.Nearest(v - 0.5);
                if (fromX < 0 || fromX >= mask.Width || fromY < 0 || fromY >= mask.Height || from[fromY * mask.Width + fromX] == 0)
                    continue;
                to[y * width + x] = 1;
                inside++;
            }
        }
        return inside == 0 ? (null, 0)
            : (new Segment { Runs = RleMask.Encode(to, width, height) }, Math.Min(1, inside / (mask.Area * map.AreaFactor)));
    }

    /// <summary>Works run by run, so that the objects of a tile in a large image are cheap.</summary>
    private static (Segment? Segment, double Visible) Shifted(RleMask mask, int x, int y, int width, int height)
    {
        List<uint> counts = [];
        long at = 0, done = 0, inside = 0;
        for (int i = 0; i < mask.Counts.Length; i++)
        {
            long end = at + mask.Counts[i];
            if (i % 2 == 1)
            {
                // A run is split where a column ends, since columns of the new image have a different length.
                for (long from = at; from < end;)
                {
                    long column = from / mask.Height, next = Math.Min(end, (column + 1) * mask.Height);
                    long top = Math.Max(0, from - column * mask.Height + y), bottom = Math.Min(height, next - column * mask.Height + y);
                    long to = column + x;
                    if (to >= 0 && to < width && top < bottom)
                    {
                        long start = to * height + top;
                        if (start == done && counts.Count > 0) counts[^1] += (uint)(bottom - top);
                        else counts.AddRange([(uint)(start - done), (uint)(bottom - top)]);
                        done = to * height + bottom;
                        inside += bottom - top;
                    }
                    from = next;
                }
            }
            at = end;
        }
        long rest = (long)width * height - done;
        if (rest > 0) counts.Add((uint)rest);
        return inside == 0 ? (null, 0) : (new Segment { Runs = new(width, height, [.. counts]) }, (double)inside / mask.Area);
    }
}
