namespace Vision.Data;

/// <summary>The outlines of a mask along the borders of its pixels: one polygon per connected part, without holes.</summary>
internal static class MaskOutline
{
    private static readonly (int X, int Y)[] steps = [(1, 0), (0, 1), (-1, 0), (0, -1)];

    private static readonly int[] rightFirst = [1, 0, 3];

    /// <summary>Each x1, y1, x2, y2, … in pixels; clockwise.</summary>
    public static IReadOnlyList<float[]> Of(RleMask mask)
    {
        byte[] pixels = mask.Decode();
        int width = mask.Width, height = mask.Height;
        // The directions of the border edges that start at each corner, with the inside to their right.
        Dictionary<(int X, int Y), int> borders = [];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                if (!Inside(x, y)) continue;
                if (!Inside(x, y - 1)) Add(x, y, 0);
                if (!Inside(x + 1, y)) Add(x + 1, y, 1);
                if (!Inside(x, y + 1)) Add(x + 1, y + 1, 2);
                if (!Inside(x - 1, y)) Add(x, y + 1, 3);
            }
        }

        List<float[]> outlines = [];
        for (int y = 0; y <= height; y++)
        {
            for (int x = 0; x <= width; x++)
            {
                // The topmost edge of a part runs to the right; that of a hole runs to the left and is reached from below.
                while (borders.TryGetValue((x, y), out int directions) && (directions & 1) != 0)
                {
                    float[] outline = Follow((x, y));
                    if (SignedArea(outline) > 0) outlines.Add(outline);
                }
            }
        }
        return outlines;

        bool Inside(int x, int y) => x >= 0 && x < width && y >= 0 && y < height && pixels[y * width + x] != 0;
        void Add(int x, int y, int direction) => borders[(x, y)] = borders.GetValueOrDefault((x, y)) | 1 << direction;

        float[] Follow((int X, int Y) start)
        {
            List<float> points = [];
            (int X, int Y) at = start;
            int before = -1;
            while (true)
            {
                bool returned = at == start && before >= 0;
                int directions = borders[at] | (returned ? 1 : 0);
                // Where two pixels touch only at a corner, turning right stays with the same pixel and so keeps the parts separate.
                int direction = before < 0 ? 0
                    : rightFirst.Select(turn => (before + turn) % 4).First(turn => (directions & 1 << turn) != 0);
                if (returned && direction == 0) break;
                borders[at] = directions & ~(1 << direction);
                if (direction != before) points.AddRange([at.X, at.Y]);
                before = direction;
                at = (at.X + steps[direction].X, at.Y + steps[direction].Y);
            }
            return [.. points];
        }
    }

    private static double SignedArea(float[] polygon)
    {
        double twice = 0;
        for (int i = 0, before = polygon.Length - 2; i < polygon.Length; before = i, i += 2)
            twice += (double)polygon[before] * polygon[i + 1] - (double)polygon[i] * polygon[before + 1];
        return twice / 2;
    }
}
