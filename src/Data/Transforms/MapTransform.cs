namespace Vision.Data;

/// <summary>Transforms class maps with nearest-pixel sampling.</summary>
internal static class MapTransform
{
    private const int Outside = -1;

    /// <summary>The map of the new image: each pixel gets the class of the old pixel that its center falls into, or
    /// <see cref="SegmentationMap.Ignore"/> outside the old image.</summary>
    public static SegmentationMap Moved(SegmentationMap from, AffineMap map, int width, int height)
    {
        byte[] to = new byte[checked(width * height)];
        if (map.KeepsAxes) AlongAxes(from, map, to, width, height);
        else Anywhere(from, map, to, width, height);
        return new(width, height, to);
    }

    /// <summary>For maps that keep the axes: source columns and rows are each looked up once.</summary>
    private static void AlongAxes(SegmentationMap from, AffineMap map, byte[] to, int width, int height)
    {
        int[] columns = Sources(width, from.Width, x => map.Back(x, 0).X), rows = Sources(height, from.Height, y => map.Back(0, y).Y);
        int left = Array.FindIndex(columns, column => column != Outside),
            end = Array.FindLastIndex(columns, column => column != Outside) + 1;
        if (left < 0) left = 0;
        bool areNeighbors = true, areMirrored = true;
        for (int x = left + 1; x < end; x++)
        {
            areNeighbors &= columns[x] == columns[x - 1] + 1;
            areMirrored &= columns[x] == columns[x - 1] - 1;
        }

        for (int y = 0; y < height; y++)
        {
            Span<byte> row = to.AsSpan(y * width, width);
            if (rows[y] == Outside || left == end)
            {
                row.Fill(SegmentationMap.Ignore);
                continue;
            }
            if (y > 0 && rows[y] == rows[y - 1])
            {
                to.AsSpan((y - 1) * width, width).CopyTo(row);
                continue;
            }
            ReadOnlySpan<byte> source = from.Classes.AsSpan(rows[y] * from.Width, from.Width);
            row[..left].Fill(SegmentationMap.Ignore);
            row[end..].Fill(SegmentationMap.Ignore);
            Span<byte> inside = row[left..end];
            if (areNeighbors) source.Slice(columns[left], inside.Length).CopyTo(inside);
            else if (areMirrored)
            {
                source.Slice(columns[end - 1], inside.Length).CopyTo(inside);
                inside.Reverse();
            }
            else
                for (int x = left; x < end; x++) row[x] = source[columns[x]];
        }
    }

    private static int[] Sources(int count, int limit, Func<double, double> back)
    {
        int[] sources = new int[count];
        for (int i = 0; i < count; i++)
        {
            int source = AffineMap.Nearest(back(i + 0.5) - 0.5);
            sources[i] = source >= 0 && source < limit ? source : Outside;
        }
        return sources;
    }

    private static void Anywhere(SegmentationMap from, AffineMap map, byte[] to, int width, int height)
    {
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (double u, double v) = map.Back(x + 0.5, y + 0.5);
                int fromX = AffineMap.Nearest(u - 0.5), fromY = AffineMap.Nearest(v - 0.5);
                bool isInside = fromX >= 0 && fromX < from.Width && fromY >= 0 && fromY < from.Height;
                to[y * width + x] = isInside ? from[fromX, fromY] : SegmentationMap.Ignore;
            }
        }
    }
}
