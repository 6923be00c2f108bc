using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization;

/// <summary>Plots the losses of a training run.</summary>
public static class LossPlot
{
    private const int SmoothedFrom = 80;

    /// <summary>Draws the curves. Those of many points are shown smoothed, over a pale line of what was measured.</summary>
    /// <param name="losses">One curve per loss, by iteration or epoch.</param>
    /// <param name="xTitle">What X counts.</param>
    /// <returns>RGB, 8 bits, 960 × 600 pixels; the caller disposes it.</returns>
    public static Mat Render(IReadOnlyList<PlotSeries> losses, string xTitle = "iteration")
    {
        PlotSeries[] smoothed = [.. losses.Select(series => series.Points.Count >= SmoothedFrom ? series with { Points = Smooth(series.Points) } : series)];
        (Axis x, Axis y) = Axes(smoothed);

        using PlotCanvas canvas = new("Training losses", xTitle, x, "loss", y, hasLegend: true);
        for (int i = 0; i < losses.Count; i++)
            if (!ReferenceEquals(losses[i], smoothed[i])) canvas.Curve(losses[i].Points, Palette.Of(i + 1).Mixed(Colour.White, 0.72), 1);
        for (int i = 0; i < losses.Count; i++) canvas.Curve(smoothed[i].Points, Palette.Of(i + 1), 2);
        canvas.Legend([.. losses.Select((series, i) => (series.Name, Palette.Of(i + 1)))]);
        return canvas.Picture();
    }

    /// <summary>Draws the curves into a PNG file.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<PlotSeries> losses, string xTitle = "iteration")
    {
        using Mat picture = Render(losses, xTitle);
        ImageOutput.Write(path, picture);
    }

    /// <summary>Axes that hold every curve; a loss is read against 0.</summary>
    internal static (Axis X, Axis Y) Axes(IReadOnlyList<PlotSeries> series)
    {
        PlotPoint[] points = [.. series.SelectMany(one => one.Points).Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))];
        return points.Length == 0
            ? (Axis.Around(0, 1), Axis.Around(0, 1))
            : (Axis.Around(points.Min(point => point.X), points.Max(point => point.X)),
               Axis.Around(Math.Min(0, points.Min(point => point.Y)), points.Max(point => point.Y)));
    }

    /// <summary>Each point's mean with its neighbours, a fortieth of the curve to either side, as far as there are any.</summary>
    internal static PlotPoint[] Smooth(IReadOnlyList<PlotPoint> points)
    {
        PlotPoint[] finite = [.. points.Where(point => double.IsFinite(point.Y))];
        double[] sums = new double[finite.Length + 1];
        for (int i = 0; i < finite.Length; i++) sums[i + 1] = sums[i] + finite[i].Y;

        int reach = finite.Length / 40;
        return [.. finite.Select((point, i) =>
        {
            int first = Math.Max(0, i - reach), end = Math.Min(finite.Length, i + reach + 1);
            return point with { Y = (sums[end] - sums[first]) / (end - first) };
        })];
    }
}
