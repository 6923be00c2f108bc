using System.Text.Json.Nodes;

namespace Vision.Evaluation;

/// <summary>Converts the metrics of a segmenter to json.</summary>
public static class SegmentationMetricsJson
{
    /// <summary>
    /// <c>{"metrics": {"mIoU": …, "pixel_accuracy": …, "mean_accuracy": …, "frequency_weighted_iou": …, "boundary_f": …}, "per_class":
    /// {"&lt;name&gt;": {"IoU": …, "accuracy": …, "share": …, "boundary_f": …}, …}, "confusion": [[…]], "notes": […]}</c>, with values in
    /// [0, 1] at full precision, −1 if undefined, and then a <c>"note"</c> in the class that tells why; the confusion matrix is in pixels,
    /// one row per true class. Classes that share a name have their id appended.
    /// </summary>
    public static JsonObject ToJson(this SegmentationMetrics metrics) => new()
    {
        ["metrics"] = new JsonObject
        {
            ["mIoU"] = metrics.MeanIou,
            ["pixel_accuracy"] = metrics.PixelAccuracy,
            ["mean_accuracy"] = metrics.MeanAccuracy,
            ["frequency_weighted_iou"] = metrics.FrequencyWeightedIou,
            ["boundary_f"] = metrics.BoundaryF,
        },
        ["per_class"] = new JsonObject(
            metrics.Categories.Select((_, label) => KeyValuePair.Create(KeyOf(metrics, label), (JsonNode?)ClassJson(metrics, label)))),
        ["confusion"] = new JsonArray([.. metrics.Categories.Select((_, label) =>
            (JsonNode?)new JsonArray([.. metrics.Categories.Select((_, guess) => (JsonNode?)metrics.Confusion[label, guess])]))]),
        ["notes"] = new JsonArray([.. metrics.Notes.Select(note => (JsonNode?)note)]),
    };

    private static string KeyOf(SegmentationMetrics metrics, int label)
    {
        var (id, name) = metrics.Categories[label];
        return metrics.Categories.Count(category => category.Name == name) > 1 ? $"{name} {id}" : name;
    }

    private static JsonObject ClassJson(SegmentationMetrics metrics, int label)
    {
        JsonObject json = new()
        {
            ["IoU"] = metrics.IouOf(label),
            ["accuracy"] = metrics.AccuracyOf(label),
            ["share"] = metrics.ShareOf(label),
            ["boundary_f"] = metrics.BoundaryFPerClass[label],
        };
        if (metrics.AbsenceOf(label) is { } note) json["note"] = note;
        return json;
    }
}
