using System.Text.Json.Nodes;

namespace Vision.Evaluation;

/// <summary>Converts COCO metrics to json.</summary>
public static class CocoMetricsJson
{
    /// <summary>
    /// <c>{"metrics": {"AP": …, …}, "per_category": {"&lt;category id&gt;": {"name": …, "AP": …, "AP50": …}, …}, "notes": […]}</c>, with
    /// values at full precision, −1 if there is no ground truth.
    /// </summary>
    public static JsonObject ToJson(this CocoMetrics metrics) => new()
    {
        ["metrics"] = new JsonObject(metrics.Results.Select(result => KeyValuePair.Create(result.Figure.Name, (JsonNode?)result.Value))),
        ["per_category"] = new JsonObject(metrics.PerCategory.Select(category =>
            KeyValuePair.Create(category.Category.Id.ToString(), (JsonNode?)new JsonObject
            {
                ["name"] = category.Category.Name,
                ["AP"] = category.AP,
                ["AP50"] = category.AP50,
            }))),
        ["notes"] = new JsonArray([.. metrics.Notes.Select(note => (JsonNode?)note)]),
    };
}
