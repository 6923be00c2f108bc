using OpenCvSharp;

namespace Vision.Data;

/// <summary>Color adjustments of 8-bit RGB images, in place, as defined by <c>torchvision.transforms.functional</c>,
/// including its rounding (down).</summary>
internal static class ColorAdjustment
{
    /// <summary>Multiplies every value by the factor: 0 yields black, 1 the original image.</summary>
    public static void Brightness(Mat image, double factor) => Blend(image, 0, factor);

    /// <summary>Moves every value away from (or, below 1, towards) the mean gray of the image:
    /// 0 yields uniform gray, 1 the original image.</summary>
    public static void Contrast(Mat image, double factor)
    {
        PixelRows rows = new(image);
        long sum = 0;
        for (int y = 0; y < rows.Height; y++)
        {
            ReadOnlySpan<byte> row = rows[y];
            for (int i = 0; i < row.Length; i += 3) sum += Gray(row[i], row[i + 1], row[i + 2]);
        }
        Blend(image, (float)((double)sum / ((long)rows.Height * rows.Width)), factor);
    }

    /// <summary>Moves every pixel away from (or, below 1, towards) its own gray: 0 yields a gray image, 1 the original image.</summary>
    public static void Saturation(Mat image, double factor)
    {
        PixelRows rows = new(image);
        float own = (float)factor, other = (float)(1 - factor);
        for (int y = 0; y < rows.Height; y++)
        {
            Span<byte> row = rows[y];
            for (int i = 0; i < row.Length; i += 3)
            {
                float gray = other * Gray(row[i], row[i + 1], row[i + 2]);
                row[i] = Cut(own * row[i] + gray);
                row[i + 1] = Cut(own * row[i + 1] + gray);
                row[i + 2] = Cut(own * row[i + 2] + gray);
            }
        }
    }

    /// <summary>Shifts the hue of every pixel by a fraction of the color circle, in [−0.5, 0.5]; 0 yields the original image.</summary>
    public static void Hue(Mat image, double shift)
    {
        if (shift is not (>= -0.5 and <= 0.5))
            throw new ArgumentOutOfRangeException(nameof(shift), shift, "A hue shift must be in [-0.5, 0.5].");
        PixelRows rows = new(image);
        float turn = (float)shift;
        for (int y = 0; y < rows.Height; y++)
        {
            Span<byte> row = rows[y];
            for (int i = 0; i < row.Length; i += 3) (row[i], row[i + 1], row[i + 2]) = Turned(row[i], row[i + 1], row[i + 2], turn);
        }
    }

    private static void Blend(Mat image, float with, double factor)
    {
        PixelRows rows = new(image);
        float own = (float)factor, other = (float)(1 - factor) * with;
        Span<byte> table = stackalloc byte[256];
        for (int value = 0; value < 256; value++) table[value] = Cut(own * value + other);
        for (int y = 0; y < rows.Height; y++)
        {
            foreach (ref byte value in rows[y]) value = table[value];
        }
    }

    // Via hue, saturation and value. Shifting the hue keeps the values of the largest and the smallest
    // channel, and only reassigns them and computes the one in between.
    private static (byte Red, byte Green, byte Blue) Turned(byte red, byte green, byte blue, float turn)
    {
        float r = red / 255f, g = green / 255f, b = blue / 255f;
        float high = Math.Max(r, Math.Max(g, b)), low = Math.Min(r, Math.Min(g, b)), range = high - low;
        if (range == 0) return (red, green, blue);

        float sector = high == r ? (g - b) / range : high == g ? 2 + (b - r) / range : 4 + (r - g) / range;     // [-1, 5)
        float hue = sector / 6 + turn;
        hue = 6 * (hue - MathF.Floor(hue));                                                                     // [0, 6]
        float part = hue - MathF.Floor(hue);
        byte top = Scaled(high), bottom = Scaled(low), falling = Scaled(high - range * part), rising = Scaled(low + range * part);
        return ((int)hue % 6) switch
        {
            0 => (top, rising, bottom),
            1 => (falling, top, bottom),
            2 => (bottom, top, rising),
            3 => (bottom, falling, top),
            4 => (rising, bottom, top),
            _ => (top, bottom, falling),
        };
    }

    // 0.2989, 0.587 and 0.114 are torchvision's channel weights; it rounds down.
    private static byte Gray(byte red, byte green, byte blue) => (byte)(0.2989f * red + 0.587f * green + 0.114f * blue);

    private static byte Cut(float value) => (byte)Math.Clamp(value, 0f, 255f);

    // Each of the 256 steps covers an equal part of [0, 1], as in torchvision's convert_image_dtype.
    private static byte Scaled(float value) => (byte)(Math.Clamp(value, 0f, 1f) * (256f - 1e-3f));
}
