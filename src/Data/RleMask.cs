namespace Vision.Data;

/// <summary>
/// The pixels of an object in an image, run-length encoded as COCO does: column by column, the lengths of alternating runs outside and
/// inside, starting outside (that run may be 0). Areas, unions and overlaps are computed on the runs.
/// </summary>
public sealed class RleMask
{
    private readonly uint[] counts;

    /// <summary>Creates a mask from its runs.</summary>
    /// <param name="width">Width of the image in pixels.</param>
    /// <param name="height">Height of the image in pixels.</param>
    /// <param name="counts">The run lengths; they must add up to width × height.</param>
    /// <exception cref="InputException">They do not.</exception>
    public RleMask(int width, int height, uint[] counts)
    {
        long sum = 0;
        foreach (uint count in counts) sum += count;
        if (width < 0 || height < 0 || sum != (long)width * height)
            throw new InputException($"A mask's runs cover {sum} pixels; expected {width}×{height}.");
        (Width, Height, this.counts) = (width, height, counts);
    }

    /// <summary>Width of the image in pixels.</summary>
    public int Width { get; }

    /// <summary>Height of the image in pixels.</summary>
    public int Height { get; }

    /// <summary>The run lengths, outside first.</summary>
    public ReadOnlySpan<uint> Counts => counts;

    /// <summary>Number of pixels inside.</summary>
    public long Area
    {
        get
        {
            long area = 0;
            for (int i = 1; i < counts.Length; i += 2) area += counts[i];
            return area;
        }
    }

    /// <summary>The smallest box around the pixels inside; all 0 if there are none.</summary>
    public Box BoundingBox => RleRuns.BoundingBox(counts, Height);

    /// <summary>Encodes pixels: nonzero values are inside.</summary>
    /// <param name="pixels">The values row by row, width × height.</param>
    /// <param name="width">Width of the image in pixels.</param>
    /// <param name="height">Height of the image in pixels.</param>
    public static RleMask Encode(ReadOnlySpan<byte> pixels, int width, int height)
    {
        if (pixels.Length != (long)width * height)
            throw new ArgumentException($"There are {pixels.Length} pixels; expected {width}×{height}.", nameof(pixels));
        List<uint> counts = [];
        bool inside = false;
        uint run = 0;
        for (int x = 0; x < width; x++)
        {
            for (int at = x; at < pixels.Length; at += width)
            {
                if (pixels[at] != 0 != inside)
                {
                    counts.Add(run);
                    (run, inside) = (0, !inside);
                }
                run++;
            }
        }
        counts.Add(run);
        return new(width, height, [.. counts]);
    }

    /// <summary>The union of polygons, drawn as pycocotools draws them.</summary>
    /// <param name="polygons">Each x1, y1, x2, y2, … in pixels; the parts outside the image are cut off.</param>
    /// <param name="width">Width of the image in pixels.</param>
    /// <param name="height">Height of the image in pixels.</param>
    /// <exception cref="InputException">A polygon has an odd number of coordinates, or one that is not a number.</exception>
    public static RleMask FromPolygons(IReadOnlyList<float[]> polygons, int width, int height) =>
        PolygonRaster.Fill([.. polygons.Select(polygon => Array.ConvertAll(polygon, PolygonRaster.AsWritten))], width, height);

    /// <summary>The pixels, row by row: 1 inside, 0 outside.</summary>
    public byte[] Decode()
    {
        byte[] pixels = new byte[checked(Width * Height)];
        int x = 0, y = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            // Column by column: a run may span several.
            for (uint left = counts[i]; left > 0;)
            {
                int length = (int)Math.Min(left, (uint)(Height - y));
                if (i % 2 == 1)
                    for (int at = y * Width + x, end = at + length * Width; at < end; at += Width) pixels[at] = 1;
                left -= (uint)length;
                y += length;
                if (y == Height) (x, y) = (x + 1, 0);
            }
        }
        return pixels;
    }

    /// <summary>The pixels that are inside at least one mask.</summary>
    /// <param name="masks">At least one mask; all of the same size.</param>
    public static RleMask Union(IReadOnlyList<RleMask> masks) => RleRuns.Merge(masks, either: true);

    /// <summary>The pixels that are inside all masks.</summary>
    /// <param name="masks">At least one mask; all of the same size.</param>
    public static RleMask Intersection(IReadOnlyList<RleMask> masks) => RleRuns.Merge(masks, either: false);

    /// <summary>The number of pixels inside both this mask and another of the same size.</summary>
    public long IntersectionArea(RleMask other)
    {
        RleRuns.RequireOneSize(this, other);
        return RleRuns.IntersectionArea(counts, other.counts);
    }

    /// <summary>Intersection over union with an object of the same image, in [0, 1]; 0 if they share no pixel.</summary>
    /// <param name="truth">The object.</param>
    /// <param name="crowd">Whether the object is a crowd, of which any part may be found: the intersection is then divided by this mask's
    /// own area, as in COCO's evaluation.</param>
    public double IoU(RleMask truth, bool crowd = false)
    {
        long intersection = IntersectionArea(truth);
        return intersection == 0 ? 0 : intersection / (double)(crowd ? Area : Area + truth.Area - intersection);
    }

    /// <summary>Reads COCO's compressed form.</summary>
    /// <param name="text">Six bits per character; from the fourth run on,
    /// each run is stored as its difference from the run two before it.</param>
    /// <param name="width">Width of the image in pixels.</param>
    /// <param name="height">Height of the image in pixels.</param>
    /// <exception cref="InputException">The text is damaged, or of another image's size.</exception>
    public static RleMask FromCompressed(string text, int width, int height) => new(width, height, RleText.Read(text));

    /// <summary>COCO's compressed form of the runs.</summary>
    public string ToCompressed() => RleText.Write(counts);
}
