using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization;

/// <summary>Plots precision against recall, a curve for each class.</summary>
public static class PrecisionRecallPlot
{
    /// <summary>Draws the curves and, of several classes, their mean; the legend gives each average precision.</summary>
    /// <param name="curves">In the data set's order of classes, which gives the colours.</param>
    /// <param name="title">What the curves are of, such as the IoU at which they were read.</param>
    /// <returns>RGB, 8 bits, 960 × 600 pixels; the caller disposes it.</returns>
    public static Mat Render(IReadOnlyList<PrecisionRecallCurve> curves, string title = "Precision and recall at IoU 0.50")
    {
        foreach (PrecisionRecallCurve curve in curves)
            if (curve.Precisions.Count < 2) throw new ArgumentException($"The curve of '{curve.Name}' has {curve.Precisions.Count} points; it takes two.", nameof(curves));

        using PlotCanvas canvas = new(title, "recall", Axis.Fixed(0, 1, 0.1), "precision", Axis.Fixed(0, 1.02, 0.1), hasLegend: true);
        List<(string, Colour)> legend = [];
        (string, Colour) Entry(string name, double ap, Colour colour) => (ap < 0 ? $"{name} (no objects)" : $"{name} {ap:0.000}", colour);

        PrecisionRecallCurve[] known = [.. curves.Where(curve => curve.AveragePrecision >= 0)];
        bool hasMean = known.Length > 1 && known.All(curve => curve.Precisions.Count == known[0].Precisions.Count);
        if (hasMean) legend.Add(Entry("mean", known.Average(curve => curve.AveragePrecision), Colour.Black));
        for (int i = 0; i < curves.Count; i++)
        {
            if (curves[i].AveragePrecision >= 0) canvas.Curve(Points(curves[i].Precisions), Palette.Of(i + 1), hasMean ? 1.5 : 2.5);
            legend.Add(Entry(curves[i].Name, curves[i].AveragePrecision, Palette.Of(i + 1)));
        }
        if (hasMean)
        {
            double[] mean = [.. Enumerable.Range(0, known[0].Precisions.Count).Select(i => known.Average(curve => curve.Precisions[i]))];
            canvas.Curve(Points(mean), Colour.Black, 3);
        }
        canvas.Legend(legend);
        return canvas.Picture();
    }

    /// <summary>Draws the curves into a PNG file.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<PrecisionRecallCurve> curves, string title = "Precision and recall at IoU 0.50")
    {
        using Mat picture = Render(curves, title);
        ImageOutput.Write(path, picture);
    }

    private static IEnumerable<PlotPoint> Points(IReadOnlyList<double> precisions) =>
        precisions.Select((precision, i) => new PlotPoint(i / (precisions.Count - 1.0), precision));
}
