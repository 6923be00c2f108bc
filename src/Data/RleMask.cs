using System.Text;

namespace Vision.Data;

/// <summary>
/// The pixels of an object in an image, run-length encoded as COCO does: column after column, the lengths of runs outside and inside in turn,
/// beginning outside (that run may be 0).
/// </summary>
public sealed class RleMask
{
    private readonly uint[] counts;

    /// <summary>A mask of given runs.</summary>
    /// <param name="width">Width of the image in pixels.</param>
    /// <param name="height">Height of the image in pixels.</param>
    /// <param name="counts">The runs' lengths; they add up to width × height.</param>
    /// <exception cref="InputException">They do not.</exception>
    public RleMask(int width, int height, uint[] counts)
    {
        long sum = counts.Sum(count => (long)count);
        if (sum != (long)width * height) throw new InputException($"A mask's runs cover {sum} pixels; expected {width}×{height}.");
        (Width, Height, this.counts) = (width, height, counts);
    }

    /// <summary>Width of the image in pixels.</summary>
    public int Width { get; }

    /// <summary>Height of the image in pixels.</summary>
    public int Height { get; }

    /// <summary>The runs' lengths, outside first.</summary>
    public ReadOnlySpan<uint> Counts => counts;

    /// <summary>Pixels inside.</summary>
    public long Area
    {
        get
        {
            long area = 0;
            for (int i = 1; i < counts.Length; i += 2) area += counts[i];
            return area;
        }
    }

    /// <summary>Encodes pixels: other than 0 is inside.</summary>
    /// <param name="pixels">Row after row, width × height.</param>
    /// <param name="width">Width of the image in pixels.</param>
    /// <param name="height">Height of the image in pixels.</param>
    public static RleMask Encode(ReadOnlySpan<byte> pixels, int width, int height)
    {
        if (pixels.Length != (long)width * height) throw new ArgumentException($"There are {pixels.Length} pixels; expected {width}×{height}.", nameof(pixels));
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
    /// <param name="polygons">Each x1, y1, x2, y2, … in pixels.</param>
    /// <param name="width">Width of the image in pixels.</param>
    /// <param name="height">Height of the image in pixels.</param>
    public static RleMask FromPolygons(IReadOnlyList<float[]> polygons, int width, int height) => throw new NotImplementedException();

    /// <summary>The pixels, row after row: 1 inside, 0 outside.</summary>
    public byte[] Decode()
    {
        byte[] pixels = new byte[Width * Height];
        long at = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            if (i % 2 == 1)
                for (long p = at; p < at + counts[i]; p++) pixels[(p % Height * Width) + (p / Height)] = 1;
            at += counts[i];
        }
        return pixels;
    }

    /// <summary>Reads COCO's compressed form.</summary>
    /// <param name="text">Six bits a character; from the third run on, each is stored as its difference to the run before the last.</param>
    /// <param name="width">Width of the image in pixels.</param>
    /// <param name="height">Height of the image in pixels.</param>
    /// <exception cref="InputException">The text is damaged, or of another image's size.</exception>
    public static RleMask FromCompressed(string text, int width, int height)
    {
        List<uint> counts = [];
        for (int at = 0; at < text.Length;)
        {
            long value = 0;
            int shift = 0, bits;
            do
            {
                bits = at < text.Length ? text[at++] - '0' : -1;
                if (bits is < 0 or > 63 || shift > 30) throw new InputException($"A mask's compressed counts are damaged at character {at}.");
                value |= (long)(bits & 31) << shift;
                shift += 5;
            }
            while ((bits & 32) != 0);
            if ((bits & 16) != 0) value |= -1L << shift;
            if (counts.Count > 2) value += counts[^2];
            if (value is < 0 or > uint.MaxValue) throw new InputException($"A mask's compressed counts are damaged at character {at}.");
            counts.Add((uint)value);
        }
        return new(width, height, [.. counts]);
    }

    /// <summary>COCO's compressed form of the runs.</summary>
    public string ToCompressed()
    {
        StringBuilder text = new();
        for (int i = 0; i < counts.Length; i++)
        {
            long value = i > 2 ? (long)counts[i] - counts[i - 2] : counts[i];
            bool more;
            do
            {
                int bits = (int)(value & 31);
                value >>= 5;
                more = (bits & 16) != 0 ? value != -1 : value != 0;
                text.Append((char)('0' + (more ? bits | 32 : bits)));
            }
            while (more);
        }
        return text.ToString();
    }
}
