using System.Globalization;
using OpenCvSharp;

namespace Vision.Visualization;

/// <summary>Plots precision against recall, with one curve per class.</summary>
public static class PrecisionRecallPlot
{
    private const int Column = 214, MostColumns = 6;

    private static readonly Rect Area = new(78, 52, 646, 482);

    /// <summary>Draws the curves and, for several classes, their mean; the legend shows each average precision.</summary>
    /// <param name="curves">The curves in the data set's order of classes, which determines the colors.</param>
    /// <param name="title">The title, such as the IoU of the curves.</param>
    /// <returns>RGB, 8 bits, 600 pixels high and at least 960 wide, more if the legend needs it; the caller disposes it.</returns>
    public static Mat Render(IReadOnlyList<PrecisionRecallCurve> curves, string title = "Precision and recall at IoU 0.50")
    {
        foreach (PrecisionRecallCurve curve in curves)
        {
            int points = curve.Precisions.Count;
            if (points < 2) throw new ArgumentException($"The curve of '{curve.Name}' has {points} points; it needs two.", nameof(curves));
        }

        PrecisionRecallCurve[] known = [.. curves.Where(curve => curve.AveragePrecision >= 0)];
        bool hasMean = known.Length > 1 && known.All(curve => curve.Precisions.Count == known[0].Precisions.Count);
        int columns = Figure.LegendColumns(curves.Count + (hasMean ? 1 : 0), Area.Height, MostColumns);
        using Figure figure = new(new(Area.Right + 22 + columns * Column, 600), Area);
        for (int i = 0; i < curves.Count; i++)
            if (curves[i].AveragePrecision >= 0) figure.Curve(Points(curves[i].Precisions), Palette.Of(i + 1), hasMean ? 1.5f : 2.5f);
        if (hasMean)
            figure.Curve(Points([.. known[0].Precisions.Select((_, i) => known.Average(curve => curve.Precisions[i]))]), Color.Black, 3);
        figure.Plot.Axes.SetLimits(0, 1, 0, 1.02);

        figure.Draw(title, "recall", "precision");
        // Best first: with many classes, readers look for the worst ones and for ranks.
        var legend = curves.Select((curve, i) => (curve.Name, AP: curve.AveragePrecision, Color: Palette.Of(i + 1)))
            .OrderByDescending(entry => entry.AP).ToList();
        if (hasMean) legend.Insert(0, ("mean", known.Average(curve => curve.AveragePrecision), Color.Black));
        figure.Legend([.. legend.Select(entry => (Entry(entry.Name, entry.AP), entry.Color))], columns, Column);
        return figure.Picture();
    }

    /// <summary>Draws the curves and writes them to a PNG file.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<PrecisionRecallCurve> curves, string title = "Precision and recall at IoU 0.50")
    {
        using Mat picture = Render(curves, title);
        ImageOutput.Write(path, picture);
    }

    /// <summary>
    /// The value comes first, since the end of a long name may be cut off. A left-to-right mark keeps it there if the name is written from
    /// right to left.
    /// </summary>
    private static string Entry(string name, double ap) =>
        string.Create(CultureInfo.InvariantCulture, $"\u200E{(ap < 0 ? "none" : $"{ap:0.000}")}  {name}");

    private static IEnumerable<PlotPoint> Points(IReadOnlyList<double> precisions) =>
        precisions.Select((precision, i) => new PlotPoint(i / (precisions.Count - 1.0), precision));
}
