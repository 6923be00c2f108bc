using System.Globalization;
using System.Text.Json.Nodes;
using Vision.Evaluation;
using Vision.Visualization;

namespace Vision.Training;

/// <summary>The plots of a finished training run.</summary>
internal static class RunPlots
{
    /// <summary>Draws <c>loss.png</c>, <c>precision-recall.png</c> and <c>confusion.png</c> into a folder.</summary>
    public static void Write(RunFolder run, DetectionMetrics metrics, string folder)
    {
        WriteLosses(run, folder);
        string kind = metrics.Masks is not null ? "of masks at IoU" : metrics.Keypoints is not null ? "of keypoints at OKS" : "at IoU";
        PrecisionRecallPlot.Write(Path.Combine(folder, "precision-recall.png"),
            [.. metrics.Main.PerCategory.Where(category => category.AP50 >= 0)
                .Select(category => new PrecisionRecallCurve(category.Category.Name, category.PrecisionAtRecall, category.AP50))],
            $"Precision and recall {kind} 0.50");
        ConfusionMatrixPlot.Write(Path.Combine(folder, "confusion.png"), metrics.Confusion.Categories, metrics.Confusion.Counts);
    }

    /// <summary>Draws <c>loss.png</c> and <c>confusion.png</c> into a folder.</summary>
    public static void Write(RunFolder run, ClassificationMetrics metrics, string folder)
    {
        WriteLosses(run, folder);
        ConfusionMatrixPlot.Write(Path.Combine(folder, "confusion.png"), metrics.Categories, metrics.Confusion);
    }

    /// <summary>Draws <c>loss.png</c>, <c>classes.png</c> and <c>confusion.png</c> into a folder.</summary>
    public static void Write(RunFolder run, SegmentationMetrics metrics, SegmentationPainter painter, string folder)
    {
        WriteLosses(run, folder);
        PerClassBarPlot.Write(Path.Combine(folder, "classes.png"),
            string.Create(CultureInfo.InvariantCulture, $"IoU of each class, mean {metrics.MeanIou:0.000}"),
            [.. metrics.Categories.Select((category, label) => (category.Name, metrics.IouOf(label), painter.ColorOf(label)))]);
        ConfusionMatrixPlot.Write(Path.Combine(folder, "confusion.png"), metrics.Categories, metrics.Confusion, asShares: true);
    }

    private static void WriteLosses(RunFolder run, string folder) => LossPlot.Write(Path.Combine(folder, "loss.png"), ReadLosses(run));

    /// <summary>The curve of each loss from the run's metrics file, including steps before a resume;
    /// for a run too short to log steps, by epoch.</summary>
    private static IReadOnlyList<PlotSeries> ReadLosses(RunFolder run)
    {
        JsonNode[] lines = [.. File.ReadLines(run.MetricsJsonl).Select(line => JsonNode.Parse(line)!)];
        JsonNode[] steps = [.. lines.Where(line => (string?)line["kind"] == "step")];
        if (steps.Length < 2) steps = [.. lines.Where(line => (string?)line["kind"] == "epoch")];
        return [.. steps[0]["losses"]!.AsObject().Select(loss => loss.Key)
            .Select(name => new PlotSeries(name,
                [.. steps.Select(step => new PlotPoint((double)step["step"]!, (double)step["losses"]![name]!))]))];
    }
}
