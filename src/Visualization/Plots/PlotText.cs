using OpenCvSharp;

namespace Vision.Visualization;

/// <summary>Text of plots, drawn at <see cref="Fine"/> times the size of the finished picture.</summary>
internal static class PlotText
{
    /// <summary>Plots are drawn so many times larger than they come out: that smooths OpenCV's text and lines.</summary>
    public const int Fine = 2;

    private const HersheyFonts Font = HersheyFonts.HersheySimplex;

    /// <summary>
    /// Text on a baseline through a point, which is its left end where <paramref name="horizontal"/> is 0, its middle at 0.5 and its right end at 1.
    /// Text that is wider than its room, in pixels of the canvas, is cut short.
    /// </summary>
    public static void Draw(Mat canvas, string text, Point at, double scale, Colour colour, double horizontal, bool bold = false, int room = int.MaxValue)
    {
        int thickness = bold ? Fine + 1 : Fine;
        text = Shortened(text, scale, thickness, room, out int width);
        Cv2.PutText(canvas, text, new Point(at.X - width * horizontal, at.Y), Font, scale * Fine, colour.Rgb, thickness, LineTypes.AntiAlias);
    }

    /// <summary>Text that reads upwards; <paramref name="vertical"/> says which part of it, from its upper end, stands at the point, on its left side.</summary>
    public static void DrawSideways(Mat canvas, string text, Point at, double scale, Colour colour, double vertical, int room = int.MaxValue)
    {
        text = Shortened(text, scale, Fine, room, out int width);
        Size size = Cv2.GetTextSize(text, Font, scale * Fine, Fine, out int baseline);
        using Mat line = new(size.Height + baseline + Fine, Math.Max(1, width), MatType.CV_8UC3, Colour.White.Rgb);
        Cv2.PutText(line, text, new Point(0, size.Height), Font, scale * Fine, colour.Rgb, Fine, LineTypes.AntiAlias);
        Cv2.Rotate(line, line, RotateFlags.Rotate90Counterclockwise);
        canvas[new Rect(at.X, at.Y - (int)(line.Height * vertical), line.Width, line.Height)] = line;
    }

    private static string Shortened(string text, double scale, int thickness, int room, out int width)
    {
        for (string cut = text; (width = Cv2.GetTextSize(text, Font, scale * Fine, thickness, out _).Width) > room && cut.Length > 1; text = cut + "..")
            cut = cut[..^1];
        return text;
    }
}
