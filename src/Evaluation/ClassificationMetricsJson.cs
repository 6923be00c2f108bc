using System.Text.Json.Nodes;

namespace Vision.Evaluation;

/// <summary>Converts the metrics of a classifier to json.</summary>
public static class ClassificationMetricsJson
{
    /// <summary>
    /// <c>{"metrics": {"top1": …, "top5": …, "correct": …, "total": …}, "per_category": {"&lt;category id&gt;": {"name": …, "accuracy": …,
    /// "correct": …, "total": …}, …}, "notes": […]}</c>, with accuracies in [0, 1] at full precision, −1 for a class without images.
    /// </summary>
    public static JsonObject ToJson(this ClassificationMetrics metrics) => new()
    {
        ["metrics"] = new JsonObject
        {
            ["top1"] = metrics.Top1, ["top5"] = metrics.Top5, ["correct"] = metrics.Correct, ["total"] = metrics.Total,
        },
        ["per_category"] = new JsonObject(metrics.Categories.Select((category, label) =>
            KeyValuePair.Create(category.Id.ToString(), (JsonNode?)new JsonObject
            {
                ["name"] = category.Name,
                ["accuracy"] = metrics.AccuracyOf(label),
                ["correct"] = metrics.Confusion[label, label],
                ["total"] = metrics.TotalOf(label),
            }))),
        ["notes"] = new JsonArray([.. metrics.Notes.Select(note => (JsonNode?)note)]),
    };
}
