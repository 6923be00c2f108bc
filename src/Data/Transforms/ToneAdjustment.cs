using OpenCvSharp;

namespace Vision.Data;

/// <summary>Tone and sharpness adjustments of 8-bit RGB images, in place, as defined by <c>torchvision.transforms.functional</c>, including
/// its rounding.</summary>
internal static class ToneAdjustment
{
    /// <summary>Keeps the highest bits of every value.</summary>
    /// <param name="image">8-bit RGB.</param>
    /// <param name="bits">The number of bits, 0 to 8.</param>
    public static void Posterize(Mat image, int bits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 8);
        Map(image, (_, value) => (byte)(value & -(1 << (8 - bits))));
    }

    /// <summary>Inverts every value that is not below the threshold.</summary>
    public static void Solarize(Mat image, double threshold) => Map(image, (_, value) => value >= threshold ? (byte)(255 - value) : value);

    /// <summary>Stretches each channel to the full range.</summary>
    public static void AutoContrast(Mat image)
    {
        int[][] counts = Histograms(image);
        int[] low = [.. counts.Select(channel => Array.FindIndex(channel, count => count > 0))],
            high = [.. counts.Select(channel => Array.FindLastIndex(channel, count => count > 0))];
        Map(image, (channel, value) => high[channel] == low[channel]
            ? value
            : (byte)Math.Clamp((value - low[channel]) * (255f / (high[channel] - low[channel])), 0f, 255f));
    }

    /// <summary>Makes the values of each channel about equally frequent.</summary>
    public static void Equalize(Mat image)
    {
        byte[][] tables = [.. Histograms(image).Select(EqualizeTable)];
        Map(image, (channel, value) => tables[channel][value]);
    }

    /// <summary>Moves every pixel away from (or, below 1, towards) the smoothed image: 0 yields the smoothed image, 1 the original. The
    /// border is unchanged.</summary>
    public static void Sharpness(Mat image, double factor)
    {
        PixelRows rows = new(image);
        if (rows.Width <= 2 || rows.Height <= 2) return;
        using Mat original = image.Clone();
        PixelRows before = new(original);
        float own = (float)factor, other = (float)(1 - factor);
        int last = rows.Height - 1;
        for (int y = 0; y <= last; y++)
        {
            ReadOnlySpan<byte> above = before[Math.Max(0, y - 1)], row = before[y], below = before[Math.Min(last, y + 1)];
            Span<byte> result = rows[y];
            for (int i = 0; i < row.Length; i++)
            {
                bool border = y == 0 || y == last || i < 3 || i >= row.Length - 3;
                int smooth = border ? row[i] : Rounded(Sum(above, i) + Sum(row, i) + Sum(below, i) + 4 * row[i], 13);
                result[i] = (byte)Math.Clamp(own * row[i] + other * smooth, 0f, 255f);
            }
        }

        static int Sum(ReadOnlySpan<byte> row, int i) => row[i - 3] + row[i] + row[i + 3];
        static int Rounded(int sum, int by) => (2 * sum + by) / (2 * by);
    }

    private static byte[] EqualizeTable(int[] counts)
    {
        byte[] table = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        // The brightest occurring value is not counted, since it cannot become brighter.
        int step = (counts.Sum() - counts.Last(count => count > 0)) / 255;
        if (step == 0) return table;
        int below = 0;
        for (int value = 0; value < 256; value++)
        {
            table[value] = value == 0 ? (byte)0 : (byte)Math.Min(255, (below + step / 2) / step);
            below += counts[value];
        }
        return table;
    }

    private static int[][] Histograms(Mat image)
    {
        PixelRows rows = new(image);
        int[][] counts = [new int[256], new int[256], new int[256]];
        for (int y = 0; y < rows.Height; y++)
        {
            ReadOnlySpan<byte> row = rows[y];
            for (int i = 0; i < row.Length; i++) counts[i % 3][row[i]]++;
        }
        return counts;
    }

    private static void Map(Mat image, Func<int, byte, byte> map)
    {
        PixelRows rows = new(image);
        Span<byte> tables = stackalloc byte[3 * 256];
        for (int channel = 0; channel < 3; channel++)
            for (int value = 0; value < 256; value++) tables[256 * channel + value] = map(channel, (byte)value);
        for (int y = 0; y < rows.Height; y++)
        {
            Span<byte> row = rows[y];
            for (int i = 0; i < row.Length; i++) row[i] = tables[256 * (i % 3) + row[i]];
        }
    }
}
