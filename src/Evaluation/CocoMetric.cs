using System.Globalization;

namespace Vision.Evaluation;

/// <summary>One metric of a COCO table, and what it averages.</summary>
/// <param name="Name">Its name, such as <c>AP50</c>.</param>
/// <param name="Kind">Average precision or average recall.</param>
/// <param name="Threshold">The overlap that counts as a hit; null for the mean over all thresholds of the rules.</param>
/// <param name="Area">The size range of the objects that it covers.</param>
/// <param name="MaxDetections">The maximum number of detections that count per class and image.</param>
/// <param name="Overlap">The kind of overlap: IoU, or OKS for keypoints.</param>
public sealed record CocoMetric(string Name, CocoMetricKind Kind, double? Threshold, AreaRange Area, int MaxDetections,
    string Overlap = "IoU")
{
    /// <summary>A description of the metric for readers of the table: "precision, IoU 0.50, all sizes, 100 detections".</summary>
    public string Description
    {
        get
        {
            string kind = Kind == CocoMetricKind.Precision ? "precision" : "recall";
            string threshold = Threshold?.ToString("0.00", CultureInfo.InvariantCulture) ?? "0.50:0.95";
            string size = Area.Name == AreaRange.All.Name ? "all sizes" : $"{Area.Name} objects";
            return $"{kind}, {Overlap} {threshold}, {size}, {MaxDetections} detection{(MaxDetections == 1 ? "" : "s")}";
        }
    }
}
