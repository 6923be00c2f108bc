using OpenCvSharp;

namespace Vision.Visualization;

/// <summary>Plots what models gain against what they cost, such as accuracy against time: the upper left is best, and a line joins the
/// models that none beats in both.</summary>
public static class TradeOffPlot
{
    private const int Column = 264, MostColumns = 3;

    private static readonly Rect Area = new(88, 52, 620, 448);

    /// <summary>Draws the models.</summary>
    /// <param name="points">The models, in the order of the legend.</param>
    /// <param name="title">The title.</param>
    /// <param name="xTitle">What the cost is, with its unit.</param>
    /// <param name="yTitle">What is gained.</param>
    /// <returns>RGB, 8 bits, 560 pixels high; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">There are no models, or a number is not finite.</exception>
    public static Mat Render(IReadOnlyList<TradeOffPoint> points, string title, string xTitle, string yTitle)
    {
        if (points.Count == 0 || points.Any(point => !double.IsFinite(point.Cost + point.Value + point.Spread)))
            throw new ArgumentException("A plot needs models, with finite numbers.", nameof(points));
        int columns = Figure.LegendColumns(points.Count, Area.Height, MostColumns);
        using Figure figure = new(new(Area.Right + 22 + columns * Column, 560), Area);
        figure.Curve(Front(points), Figure.Faint.Mixed(Color.Black, 0.25), 1.5f);
        foreach (var (i, point) in points.Index())
        {
            Color color = Palette.Of(i + 1);
            if (point.Spread > 0)
                figure.Curve([new(point.Cost, point.Value - point.Spread), new(point.Cost, point.Value + point.Spread)], color, 2);
            var marker = figure.Plot.Add.Marker(point.Cost, point.Value);
            (marker.Color, marker.Size) = (Figure.Of(color), 11);
        }
        double low = points.Min(point => point.Value - point.Spread), high = points.Max(point => point.Value + point.Spread);
        double room = high > low ? 0.1 * (high - low) : 0.05;
        figure.Plot.Axes.SetLimits(0, 1.1 * points.Max(point => point.Cost), low - room, high + room);
        figure.Draw(title, xTitle, yTitle);
        figure.Legend([.. points.Select((point, i) => (point.Name, Palette.Of(i + 1)))], columns, Column);
        return figure.Picture();
    }

    /// <summary>The models that none beats in both, by cost.</summary>
    internal static IReadOnlyList<PlotPoint> Front(IReadOnlyList<TradeOffPoint> points)
    {
        List<PlotPoint> front = [];
        foreach (TradeOffPoint point in points.OrderBy(point => point.Cost).ThenByDescending(point => point.Value))
            if (front.Count == 0 || point.Value > front[^1].Y) front.Add(new(point.Cost, point.Value));
        return front;
    }
}
