using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vision.Training;

/// <summary>Finds the differences between two texts of options, by option name if the texts are JSON.</summary>
internal static class OptionDifference
{
    /// <summary>The differences, such as "detector.MinSize was 800 and is now 600".</summary>
    /// <param name="name">The name of what is compared.</param>
    /// <param name="before">Its previous text; null if it was not given.</param>
    /// <param name="now">Its current text.</param>
    public static IEnumerable<string> Between(string name, string? before, string now) => Between(name, Parsed(before), Parsed(now));

    private static IEnumerable<string> Between(string name, JsonNode? before, JsonNode? now)
    {
        if (JsonNode.DeepEquals(before, now)) return [];
        if (before is not JsonObject old || now is not JsonObject current) return [$"{name} was {Text(before)} and is now {Text(now)}"];
        return old.Select(entry => entry.Key).Union(current.Select(entry => entry.Key))
            .SelectMany(key => Between($"{name}.{key}", old[key], current[key]));
    }

    private static JsonNode? Parsed(string? text)
    {
        try
        {
            return text is null ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);     // such as a model's name
        }
    }

    private static string Text(JsonNode? node) =>
        node is null ? "not given"
        : node is JsonValue value && value.TryGetValue(out string? text) ? text
        : node.ToJsonString();
}
