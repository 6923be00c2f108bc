using OpenCvSharp;
using SkiaSharp;
using Vision.Data;

namespace Vision.Visualization;

/// <summary>A line of text in a size that suits an image, with a filled background.</summary>
internal sealed class Caption
{
    private const float Smallest = 9, Usual = 12, Largest = 90;

    /// <summary>Enough for twenty classes with every score from 0.00 to 1.00, on frames of 1920 × 1080 pixels.</summary>
    internal const int KeptBytes = 64 << 20;

    // A video repeats the same captions frame after frame.
    private static readonly Dictionary<(string Text, float FontSize, float Room, Color Background), Caption> kept = [];
    private static int keptBytes;

    private readonly byte[] pixels;

    private Caption(TextLine line, int padding, Color background)
    {
        int ascent = (int)MathF.Ceiling(line.Ascent), descent = (int)MathF.Ceiling(line.Descent);
        Size = new Size((int)MathF.Ceiling(line.Width) + 2 * padding, ascent + descent + 2 * padding);
        using SKBitmap bitmap = new(new SKImageInfo(Size.Width, Size.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (SKCanvas canvas = new(bitmap))
        {
            canvas.Clear(background.Skia);
            line.Draw(canvas, padding, padding + ascent, background.TextColor);
        }
        pixels = GC.AllocateUninitializedArray<byte>(3 * Size.Width * Size.Height);
        using Mat rgba = Mat.FromPixelData(Size.Height, Size.Width, MatType.CV_8UC4, bitmap.GetPixels(), bitmap.RowBytes);
        using Mat rgb = Mat.FromPixelData(Size.Height, Size.Width, MatType.CV_8UC3, pixels);
        Cv2.CvtColor(rgba, rgb, ColorConversionCodes.RGBA2RGB);
    }

    /// <summary>Its size with the background, in pixels.</summary>
    public Size Size { get; }

    /// <summary>
    /// Creates a caption for an image: its height is about 2 % of the shorter side; it is shrunk or shortened to the image's width.
    /// </summary>
    public static Caption Of(string text, Size image, Color background)
    {
        float size = Math.Clamp(0.03f * Math.Min(image.Width, image.Height), Usual, Largest);
        lock (kept)
        {
            var key = (text, size, (float)image.Width, background);
            if (kept.TryGetValue(key, out Caption? caption)) return caption;
            caption = Set(text, size, image.Width, background);
            // Everything is evicted at once: telling apart what is no longer used would cost more than laying out the rest again.
            if ((keptBytes += caption.pixels.Length) > KeptBytes)
            {
                kept.Clear();
                keptBytes = caption.pixels.Length;
            }
            return kept[key] = caption;
        }
    }

    /// <summary>Draws it with its upper left corner at a point; parts outside the image are clipped.</summary>
    public void Draw(Mat image, Point at)
    {
        PixelRows rows = new(image);
        int left = Math.Max(0, at.X), right = Math.Min(rows.Width, at.X + Size.Width), bottom = Math.Min(rows.Height, at.Y + Size.Height);
        if (left >= right) return;
        for (int y = Math.Max(0, at.Y); y < bottom; y++)
            pixels.AsSpan(3 * ((y - at.Y) * Size.Width + left - at.X), 3 * (right - left)).CopyTo(rows[y][(3 * left)..]);
    }

    private static Caption Set(string text, float size, int room, Color background)
    {
        TextLine line = new(text, size);
        if (line.Width + 2 * Padding(size) > room)
        {
            size = Math.Max(Smallest, size * (room - 2 * Padding(size)) / line.Width * 0.98f);
            line.Dispose();
            line = TextLine.Fitted(text, size, room - 2 * Padding(size));
        }
        using (line) return new Caption(line, Padding(size), background);
    }

    private static int Padding(float size) => Math.Max(1, (int)MathF.Round(size / 8));
}
