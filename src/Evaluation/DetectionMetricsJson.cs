using System.Text.Json.Nodes;

namespace Vision.Evaluation;

/// <summary>Converts the metrics of a detector to json.</summary>
public static class DetectionMetricsJson
{
    /// <summary>
    /// The metrics of the task in the form of <see cref="CocoMetricsJson"/>, with those of the boxes under <c>bbox</c> unless these are the
    /// task's, and <c>"errors": {"AP50": …, "classification": {"count": …, "gain": …}, …}</c>.
    /// </summary>
    public static JsonObject ToJson(this DetectionMetrics metrics)
    {
        JsonObject json = metrics.Main.ToJson();
        if (metrics.Main != metrics.Boxes) json["bbox"] = metrics.Boxes.ToJson();
        json["errors"] = new JsonObject(
        [
            KeyValuePair.Create("AP50", (JsonNode?)metrics.Errors.AP50),
            .. metrics.Errors.Shares.Select(share => KeyValuePair.Create(
                share.Kind.ToString().ToLowerInvariant(), (JsonNode?)new JsonObject { ["count"] = share.Count, ["gain"] = share.Gain })),
        ]);
        return json;
    }

    /// <summary><c>{"rules": 2007, "mAP": …, "per_category": {"&lt;category id&gt;": {"name": …, "AP": …, "objects": …}, …}}</c>.</summary>
    public static JsonObject ToJson(this VocMetrics metrics) => new()
    {
        ["rules"] = (int)metrics.Rules,
        ["mAP"] = metrics.MeanAP,
        ["per_category"] = new JsonObject(metrics.PerCategory.Select(category =>
            KeyValuePair.Create(category.Category.Id.ToString(), (JsonNode?)new JsonObject
            {
                ["name"] = category.Category.Name,
                ["AP"] = category.AP,
                ["objects"] = category.Objects,
            }))),
    };
}
