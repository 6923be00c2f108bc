using OpenCvSharp;
using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace Vision.Visualization;

/// <summary>A plot in the toolkit's style, with labels in any script.</summary>
internal sealed class Figure : IDisposable
{
    /// <summary>The height of a legend entry, in pixels.</summary>
    private const int LegendRow = 22;

    public static readonly Color Ink = new(45, 48, 56), Faint = new(230, 232, 236);

    private static readonly Color border = new(150, 154, 163);

    private readonly SKBitmap bitmap;
    private readonly SKCanvas canvas;

    /// <summary>Creates an empty plot of a given size, whose axes span a given area.</summary>
    public Figure(OpenCvSharp.Size size, Rect area)
    {
        Area = area;
        bitmap = new SKBitmap(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        canvas = new SKCanvas(bitmap);
        Plot.Layout.Fixed(new PixelPadding(area.Left, size.Width - area.Right, size.Height - area.Bottom, area.Top));
        Plot.Grid.MajorLineColor = Of(Faint);
        foreach (IAxis axis in Plot.Axes.GetAxes())
        {
            axis.TickLabelStyle.Font = Typefaces.Bundled;
            axis.TickLabelStyle.FontSize = 12;
            axis.TickLabelStyle.ForeColor = Of(Ink);
            axis.MinorTickStyle.Length = 0;
            axis.MajorTickStyle.Color = Of(border);
            axis.FrameLineStyle.Color = Of(border);
        }
        Plot.Axes.Left.TickGenerator = new NumericAutomatic { TickDensity = 0.5 };
        Plot.Axes.Bottom.TickGenerator = new NumericAutomatic { TickDensity = 0.5 };
    }

    /// <summary>The area of the axes, in pixels.</summary>
    public Rect Area { get; }

    /// <summary>The plot.</summary>
    public Plot Plot { get; } = new();

    /// <summary>Converts a color to ScottPlot's.</summary>
    public static ScottPlot.Color Of(Color color) => new(color.R, color.G, color.B);

    /// <summary>Hides the numbers of an axis.</summary>
    public static void Hide(IAxis axis) => axis.TickGenerator = new EmptyTickGenerator();

    /// <summary>Adds a curve. Points that are not finite leave gaps; an isolated point is drawn as a dot.</summary>
    public void Curve(IEnumerable<PlotPoint> points, Color color, float width)
    {
        List<Coordinates> run = [];
        foreach (PlotPoint point in points.Append(new PlotPoint(double.NaN, double.NaN)))
        {
            if (double.IsFinite(point.X) && double.IsFinite(point.Y))
            {
                run.Add(new(point.X, point.Y));
                continue;
            }
            if (run.Count > 0)
            {
                var curve = Plot.Add.Scatter(run.ToArray(), Of(color));
                (curve.LineWidth, curve.MarkerSize) = (width, run.Count == 1 ? 2.5f * width : 0);
            }
            run.Clear();
        }
    }

    /// <summary>Draws the plot with its titles. Call it before adding texts and the legend.</summary>
    public void Draw(string title, string xTitle, string yTitle)
    {
        Plot.Render(canvas, new PixelRect(0, bitmap.Width, bitmap.Height, 0));
        Text(title, Area.Left, Area.Top - 20, 17, share: 0, room: bitmap.Width - Area.Left - 10, bold: true);
        Text(xTitle, Area.Left + Area.Width / 2f, bitmap.Height - 18, 14, share: 0.5f, room: Area.Width);
        Text(yTitle, 22, Area.Top + Area.Height / 2f, 14, share: 0.5f, room: Area.Height, sideways: true);
    }

    /// <summary>Writes a line of text, shortened if there is not enough room.</summary>
    /// <param name="text">The text, in any script.</param>
    /// <param name="x">X of a point on the baseline, in pixels.</param>
    /// <param name="y">Y of that point.</param>
    /// <param name="size">Size of the font.</param>
    /// <param name="share">The fraction of the text before the point: 0 to start there, 0.5 to center, 1 to end there.</param>
    /// <param name="room">The maximum width.</param>
    /// <param name="color">Color of the text; null for <see cref="Ink"/>.</param>
    /// <param name="bold">Whether the text is bold.</param>
    /// <param name="sideways">Whether it reads upwards.</param>
    public void Text(
        string text, float x, float y, float size, float share, float room, Color? color = null, bool bold = false, bool sideways = false)
    {
        using TextLine line = TextLine.Fitted(text, size, room, bold);
        canvas.Save();
        canvas.Translate(x, y);
        if (sideways) canvas.RotateDegrees(-90);
        line.Draw(canvas, -share * line.Width, 0, color ?? Ink);
        canvas.Restore();
    }

    /// <summary>The width of the widest text, in pixels; 0 for no texts.</summary>
    public static float WidthOf(IEnumerable<string> texts, float size) => texts.Select(text =>
    {
        using TextLine line = new(text, size);
        return line.Width;
    }).DefaultIfEmpty().Max();

    /// <summary>The number of columns of a legend, given its entries and the height of the axes next to it.</summary>
    public static int LegendColumns(int entries, int height, int most) => Math.Clamp((entries * LegendRow + height - 1) / height, 1, most);

    /// <summary>
    /// Writes a legend next to the axes, in columns of the given width. If there is not enough room, it shows the first entries and the
    /// number of further ones.
    /// </summary>
    public void Legend(IReadOnlyList<(string Text, Color Color)> entries, int columns, int width)
    {
        int rows = Area.Height / LegendRow, shown = entries.Count <= rows * columns ? entries.Count : rows * columns - 1;
        for (int i = 0; i < shown; i++)
        {
            var (x, y) = Place(i);
            using SKPaint paint = new() { Color = entries[i].Color.Skia, StrokeWidth = 3, IsAntialias = true };
            canvas.DrawLine(x, y, x + 20, y, paint);
            Line(i, entries[i].Text);
        }
        if (shown < entries.Count) Line(shown, $"and {entries.Count - shown} more");

        void Line(int i, string text) => Text(text, Place(i).X + 28, Place(i).Y + 4.5f, 13, share: 0, room: width - 40);

        (float X, float Y) Place(int i) => (Area.Right + 18 + i / rows * width, Area.Top + 10 + i % rows * LegendRow);
    }

    /// <summary>The finished image: RGB, 8 bits; the caller disposes it.</summary>
    public Mat Picture()
    {
        using Mat rgba = Mat.FromPixelData(bitmap.Height, bitmap.Width, MatType.CV_8UC4, bitmap.GetPixels(), bitmap.RowBytes);
        Mat picture = new();
        Cv2.CvtColor(rgba, picture, ColorConversionCodes.RGBA2RGB);
        return picture;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Plot.Dispose();
        canvas.Dispose();
        bitmap.Dispose();
    }
}
