using OpenCvSharp;
using ScottPlot.TickGenerators;

namespace Vision.Visualization;

/// <summary>Plots the losses of a training run.</summary>
public static class LossPlot
{
    private const int SmoothedFrom = 80;

    /// <summary>Draws the curves. Curves with many points are smoothed and drawn over a pale line of the raw values.</summary>
    /// <param name="losses">One curve per loss, by iteration or epoch.</param>
    /// <param name="xTitle">The unit of the x-axis.</param>
    /// <returns>RGB, 8 bits, 960 × 600 pixels; the caller disposes it.</returns>
    public static Mat Render(IReadOnlyList<PlotSeries> losses, string xTitle = "iteration")
    {
        PlotSeries[] smoothed =
            [.. losses.Select(series => series.Points.Count >= SmoothedFrom ? series with { Points = Smooth(series.Points) } : series)];
        using Figure figure = new(new(960, 600), new Rect(78, 52, 640, 482));
        for (int i = 0; i < losses.Count; i++)
            if (!ReferenceEquals(losses[i], smoothed[i])) figure.Curve(losses[i].Points, Palette.Of(i + 1).Mixed(Color.White, 0.72), 1);
        for (int i = 0; i < losses.Count; i++) figure.Curve(smoothed[i].Points, Palette.Of(i + 1), 2);
        var (x, y) = Limits(smoothed);
        figure.Plot.Axes.SetLimits(x.Low, x.High, y.Low, y.High);
        figure.Plot.Axes.Bottom.TickGenerator = new NumericAutomatic { TickDensity = 0.5, IntegerTicksOnly = true };
        figure.Draw("Training losses", xTitle, "loss");
        figure.Legend([.. losses.Select((series, i) => (series.Name, Palette.Of(i + 1)))], columns: 1, width: 224);
        return figure.Picture();
    }

    /// <summary>Draws the curves and writes them to a PNG file.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<PlotSeries> losses, string xTitle = "iteration")
    {
        using Mat picture = Render(losses, xTitle);
        ImageOutput.Write(path, picture);
    }

    /// <summary>The limits of the axes: all curves with some room above; the loss axis starts at 0.</summary>
    internal static ((double Low, double High) X, (double Low, double High) Y) Limits(IReadOnlyList<PlotSeries> series)
    {
        PlotPoint[] points = [.. series.SelectMany(one => one.Points).Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))];
        if (points.Length == 0) return ((0, 1), (0, 1));
        double low = Math.Min(0, 1.05 * points.Min(point => point.Y)), high = Math.Max(0, 1.05 * points.Max(point => point.Y));
        return (Spread(points.Min(point => point.X), points.Max(point => point.X)), Spread(low, high));

        // An axis with a single value would have no length.
        static (double, double) Spread(double low, double high) => high > low ? (low, high) : (low - 1, high + 1);
    }

    /// <summary>The moving average over a fortieth of the curve to either side, as far as it extends.</summary>
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
