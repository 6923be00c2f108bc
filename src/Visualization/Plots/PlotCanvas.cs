using OpenCvSharp;

namespace Vision.Visualization;

/// <summary>Axes, grid, title and legend, and curves between them.</summary>
internal sealed class PlotCanvas : IDisposable
{
    /// <summary>The size of the finished picture, in pixels.</summary>
    public static readonly Size PictureSize = new(960, 600);

    private const int Fine = PlotText.Fine;
    private const int SubpixelBits = 4;
    private const int LegendRows = 16;

    private static readonly Colour ink = new(45, 48, 56), faint = new(228, 230, 235), border = new(150, 154, 163);

    private readonly Mat canvas = new(PictureSize.Height * Fine, PictureSize.Width * Fine, MatType.CV_8UC3, Colour.White.Rgb);
    private readonly Axis x, y;
    private readonly Rect area;

    /// <summary>Draws everything but curves and legend.</summary>
    public PlotCanvas(string title, string xTitle, Axis x, string yTitle, Axis y, bool hasLegend)
    {
        (this.x, this.y) = (x, y);
        area = Rect.FromLTRB(Fine * 78, Fine * 52, Fine * (PictureSize.Width - (hasLegend ? 236 : 30)), Fine * (PictureSize.Height - 66));

        foreach ((double value, string text) in x.Ticks())
        {
            int at = area.Left + (int)Math.Round(x.Share(value) * area.Width);
            Cv2.Line(canvas, new Point(at, area.Top), new Point(at, area.Bottom), faint.Rgb, Fine);
            Text(text, new Point(at, area.Bottom + Fine * 20), 0.5, ink, horizontal: 0.5);
        }
        foreach ((double value, string text) in y.Ticks())
        {
            int at = area.Bottom - (int)Math.Round(y.Share(value) * area.Height);
            Cv2.Line(canvas, new Point(area.Left, at), new Point(area.Right, at), faint.Rgb, Fine);
            Text(text, new Point(area.Left - Fine * 9, at + Fine * 5), 0.5, ink, horizontal: 1);
        }
        Cv2.Rectangle(canvas, area, border.Rgb, Fine);

        Text(title, new Point(area.Left, Fine * 32), 0.72, ink, horizontal: 0, bold: true);
        Text(xTitle, new Point(area.Left + area.Width / 2, area.Bottom + Fine * 48), 0.56, ink, horizontal: 0.5);
        PlotText.DrawSideways(canvas, yTitle, new Point(Fine * 10, area.Top + area.Height / 2), 0.56, ink, 0.5);
    }

    /// <summary>Draws a curve, so many pixels of the finished picture wide; what lies outside the axes is cut off.</summary>
    public void Curve(IEnumerable<PlotPoint> points, Colour colour, double width)
    {
        using Mat inside = canvas[area];
        List<List<Point>> runs = [[]];
        foreach (PlotPoint point in points)
        {
            if (double.IsFinite(point.X) && double.IsFinite(point.Y)) runs[^1].Add(Pixel(point));
            else if (runs[^1].Count > 0) runs.Add([]);
        }
        Cv2.Polylines(
            inside, runs.Where(run => run.Count > 0), isClosed: false, colour.Rgb, (int)Math.Round(width * Fine), LineTypes.AntiAlias, SubpixelBits);
    }

    /// <summary>Draws the legend beside the axes; of more entries than there is room for, the first, and how many more there are.</summary>
    public void Legend(IReadOnlyList<(string Text, Colour Colour)> entries)
    {
        int left = area.Right + Fine * 18, shown = entries.Count <= LegendRows ? entries.Count : LegendRows - 1;
        for (int i = 0; i < shown; i++)
        {
            int middle = area.Top + Fine * (12 + 26 * i);
            Cv2.Line(canvas, new Point(left, middle), new Point(left + Fine * 22, middle), entries[i].Colour.Rgb, Fine * 3, LineTypes.AntiAlias);
            Text(entries[i].Text, new Point(left + Fine * 31, middle + Fine * 5), 0.5, ink, horizontal: 0, room: canvas.Width - left - Fine * 36);
        }
        if (shown < entries.Count)
            Text($"and {entries.Count - shown} more", new Point(left + Fine * 31, area.Top + Fine * (17 + 26 * shown)), 0.5, ink, horizontal: 0);
    }

    /// <summary>The finished picture: RGB, 8 bits.</summary>
    public Mat Picture()
    {
        Mat picture = new();
        Cv2.Resize(canvas, picture, PictureSize, 0, 0, InterpolationFlags.Area);
        return picture;
    }

    /// <inheritdoc/>
    public void Dispose() => canvas.Dispose();

    /// <summary>In the plot's area, in fractions of a pixel as OpenCV takes them.</summary>
    private Point Pixel(PlotPoint point)
    {
        // Far outside the area only the direction matters, and OpenCV's coordinates have 32 bits.
        double across = Math.Clamp(x.Share(point.X), -10, 10) * area.Width, up = Math.Clamp(y.Share(point.Y), -10, 10) * area.Height;
        return new Point(Math.Round(across * (1 << SubpixelBits)), Math.Round((area.Height - up) * (1 << SubpixelBits)));
    }

    private void Text(string text, Point at, double scale, Colour colour, double horizontal, bool bold = false, int room = int.MaxValue) =>
        PlotText.Draw(canvas, text, at, scale, colour, horizontal, bold, room);
}
