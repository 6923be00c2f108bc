using System.Globalization;
using OpenCvSharp;

namespace Vision.Visualization;

/// <summary>Plots a figure of each class, such as its IoU, as a bar: the best first, so that one sees at once which classes fail.</summary>
public static class ClassBarsPlot
{
    private const int Fine = PlotText.Fine, Left = 190, Top = 64, Full = 680, Width = 960, Row = 30, Bar = 20, Bottom = 24;

    private static readonly Colour ink = new(45, 48, 56), faint = new(228, 230, 235);

    /// <summary>Draws the bars.</summary>
    /// <param name="title">What the figure is.</param>
    /// <param name="bars">Name, figure in [0, 1] and colour of each class; below 0 for a class that has none, which gets no bar.</param>
    /// <returns>RGB, 8 bits, 960 pixels wide; the caller disposes it.</returns>
    public static Mat Render(string title, IReadOnlyList<(string Name, double Value, Colour Colour)> bars)
    {
        int height = Top + Row * Math.Max(1, bars.Count) + Bottom;
        using Mat canvas = new(height * Fine, Width * Fine, MatType.CV_8UC3, Colour.White.Rgb);
        PlotText.Draw(canvas, title, At(Left, 36), 0.72, ink, horizontal: 0, bold: true);
        for (int tenth = 0; tenth <= 10; tenth += 2) Cv2.Line(canvas, At(Left + Full * tenth / 10, Top), At(Left + Full * tenth / 10, height - Bottom), faint.Rgb, Fine);
        int top = Top;
        foreach (var (name, value, colour) in bars.OrderByDescending(bar => bar.Value))
        {
            int length = (int)Math.Round(Full * Math.Clamp(value, 0, 1));
            if (length > 0) Cv2.Rectangle(canvas, new Rect(Left * Fine, (top + (Row - Bar) / 2) * Fine, length * Fine, Bar * Fine), colour.Rgb, -1);
            PlotText.Draw(canvas, name, At(Left - 10, top + 20), 0.5, ink, horizontal: 1, room: (Left - 20) * Fine);
            PlotText.Draw(canvas, value < 0 ? "none" : value.ToString("0.000", CultureInfo.InvariantCulture), At(Left + length + 8, top + 20), 0.5, ink, horizontal: 0);
            top += Row;
        }
        Mat picture = new();
        Cv2.Resize(canvas, picture, new Size(Width, height), 0, 0, InterpolationFlags.Area);
        return picture;
    }

    /// <summary>Draws the bars into a PNG file.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, string title, IReadOnlyList<(string Name, double Value, Colour Colour)> bars)
    {
        using Mat picture = Render(title, bars);
        ImageOutput.Write(path, picture);
    }

    private static Point At(int x, int y) => new(Fine * x, Fine * y);
}
