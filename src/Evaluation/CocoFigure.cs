using System.Globalization;

namespace Vision.Evaluation;

/// <summary>One figure of a COCO table: what is averaged in it.</summary>
/// <param name="Name">Its name, such as <c>AP50</c>.</param>
/// <param name="Kind">Average precision or average recall.</param>
/// <param name="Threshold">The overlap that counts as a hit; null for the mean over all thresholds of the rules.</param>
/// <param name="Area">The size of objects it is about.</param>
/// <param name="MaxDetections">The most detections of one class in one image that count.</param>
/// <param name="Overlap">What the overlap is: IoU, or OKS of keypoints.</param>
public sealed record CocoFigure(string Name, CocoFigureKind Kind, double? Threshold, AreaRange Area, int MaxDetections,
    string Overlap = "IoU")
{
    /// <summary>What the figure is, for the reader of a table: "precision, IoU 0.50, all sizes, 100 detections".</summary>
    public string Description
    {
        get
        {
            string kind = Kind == CocoFigureKind.Precision ? "precision" : "recall";
            string threshold = Threshold?.ToString("0.00", CultureInfo.InvariantCulture) ?? "0.50:0.95";
            string size = Area.Name == AreaRange.All.Name ? "all sizes" : $"{Area.Name} objects";
            return $"{kind}, {Overlap} {threshold}, {size}, {MaxDetections} detection{(MaxDetections == 1 ? "" : "s")}";
        }
    }
}
