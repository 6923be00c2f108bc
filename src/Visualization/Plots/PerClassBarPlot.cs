using System.Globalization;
using OpenCvSharp;
using ScottPlot;

namespace Vision.Visualization;

/// <summary>Plots a metric of each class, such as its IoU, as a bar, best first, which shows at once which classes fail.</summary>
public static class PerClassBarPlot
{
    private const int Left = 220, Top = 56, Full = 660, Width = 960, Bottom = 40;

    /// <summary>Draws the bars.</summary>
    /// <param name="title">The name of the metric.</param>
    /// <param name="bars">Name, value in [0, 1] and color of each class; a value below 0 means undefined and gets no bar.</param>
    /// <returns>RGB, 8 bits, 960 pixels wide; the caller disposes it.</returns>
    public static Mat Render(string title, IReadOnlyList<(string Name, double Value, Color Color)> bars)
    {
        int row = bars.Count <= 30 ? 30 : 20, rows = Math.Max(1, bars.Count);
        using Figure figure = new(new(Width, Top + row * rows + Bottom), new Rect(Left, Top, Full, row * rows));
        (string Name, double Value, Color Color)[] ordered = [.. bars.OrderByDescending(bar => bar.Value)];
        figure.Plot.Add.Bars(ordered.Select((bar, i) => new Bar
        {
            Position = -i, Value = Math.Clamp(bar.Value, 0, 1), Orientation = Orientation.Horizontal,
            Size = 0.66, FillColor = Figure.Of(bar.Color), LineWidth = 0,
        }).ToArray());
        figure.Plot.Axes.SetLimits(0, 1, 0.5 - rows, 0.5);
        figure.Plot.Grid.YAxisStyle.IsVisible = false;
        Figure.Hide(figure.Plot.Axes.Left);
        // Room for the values of long bars.
        figure.Plot.Axes.Right.FrameLineStyle.Width = figure.Plot.Axes.Top.FrameLineStyle.Width = 0;

        figure.Draw(title, "", "");
        for (int i = 0; i < ordered.Length; i++)
        {
            float y = Top + row * (i + 0.5f) + 4.5f, end = Left + Full * (float)Math.Clamp(ordered[i].Value, 0, 1);
            figure.Text(ordered[i].Name, Left - 10, y, 13, share: 1, room: Left - 20);
            string number = ordered[i].Value < 0 ? "none" : ordered[i].Value.ToString("0.000", CultureInfo.InvariantCulture);
            figure.Text(number, end + 8, y, 13, share: 0, room: Width);
        }
        return figure.Picture();
    }

    /// <summary>Draws the bars and writes them to a PNG file.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, string title, IReadOnlyList<(string Name, double Value, Color Color)> bars)
    {
        using Mat picture = Render(title, bars);
        ImageOutput.Write(path, picture);
    }
}
