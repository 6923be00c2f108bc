using OpenCvSharp;

namespace Vision.Visualization;

/// <summary>A line of text set in the size that suits an image, with a filled background.</summary>
internal sealed class Caption
{
    private const HersheyFonts Font = HersheyFonts.HersheySimplex;
    private const double SmallestScale = 0.3;

    private readonly string text;
    private readonly double scale;
    private readonly int thickness, padding, ascent;

    /// <summary>Sets a text for an image: about 2 % of its shorter side high, smaller or shortened where it would be wider than the image.</summary>
    public Caption(string text, Size image)
    {
        this.text = Printable(text);
        scale = Math.Clamp(Math.Min(image.Width, image.Height) / 1000.0, 0.38, 3);
        Size size = Measure(out int baseline);
        if (size.Width > image.Width)
        {
            scale = Math.Max(SmallestScale, scale * image.Width / size.Width * 0.98);
            while ((size = Measure(out baseline)).Width > image.Width && this.text.Length > 0) this.text = this.text[..^1];
        }
        thickness = Thickness;
        padding = Padding;
        ascent = size.Height - baseline - 2 * padding;
        Size = size;

        Size Measure(out int below)
        {
            // OpenCvSharp takes no empty text; a line's height does not depend on what it says.
            Size measured = Cv2.GetTextSize(this.text.Length > 0 ? this.text : " ", Font, scale, Thickness, out below);
            return new Size((this.text.Length > 0 ? measured.Width : 0) + 2 * Padding, measured.Height + below + 2 * Padding);
        }
    }

    /// <summary>Its size with the background, in pixels.</summary>
    public Size Size { get; }

    private int Thickness => Math.Max(1, (int)Math.Round(scale * 1.3));

    private int Padding => Math.Max(1, (int)Math.Round(scale * 4));

    /// <summary>Draws it with its upper left corner at a point.</summary>
    public void Draw(Mat image, Point at, Colour background)
    {
        Cv2.Rectangle(image, new Rect(at, Size), background.Rgb, -1);
        if (text.Length == 0) return;
        Point origin = new(at.X + padding, at.Y + padding + ascent);
        Cv2.PutText(image, text, origin, Font, scale, background.TextColour.Rgb, thickness, LineTypes.AntiAlias);
    }

    /// <summary>OpenCV's fonts hold ASCII alone.</summary>
    private static string Printable(string text) => string.Concat(text.EnumerateRunes().Select(rune => rune.Value is >= ' ' and <= '~' ? (char)rune.Value : '?'));
}
