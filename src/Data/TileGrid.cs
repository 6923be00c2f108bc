namespace Vision.Data;

/// <summary>Overlapping tiles of equal size that cover an image.</summary>
public static class TileGrid
{
    /// <summary>The tiles, row by row; a single one of the image's own size if it fits into a tile.</summary>
    /// <param name="width">Width of the image in pixels.</param>
    /// <param name="height">Height of the image in pixels.</param>
    /// <param name="tile">Side of a tile, in pixels; limited to the size of the image.</param>
    /// <param name="overlap">The minimum fraction of a tile that its neighbor also covers, in [0, 1).</param>
    public static IEnumerable<(int X, int Y, int Width, int Height)> Of(int width, int height, int tile, double overlap)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tile, 1);
        if (overlap is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(overlap), overlap, "The overlap is a fraction of a tile, at least 0 and below 1.");
        int[] columns = Starts(width, tile, overlap), rows = Starts(height, tile, overlap);
        return rows.SelectMany(y => columns.Select(x => (x, y, Math.Min(tile, width), Math.Min(tile, height))));
    }

    // Spread evenly, so that the overlap is the same everywhere.
    private static int[] Starts(int side, int tile, double overlap)
    {
        if (side <= tile) return [0];
        int step = Math.Max(1, (int)(tile * (1 - overlap))), count = 1 + (side - tile + step - 1) / step;
        return [.. Enumerable.Range(0, count).Select(i => (int)((long)i * (side - tile) / (count - 1)))];
    }
}
