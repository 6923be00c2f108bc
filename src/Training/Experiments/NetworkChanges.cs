using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Vision.Training;

/// <summary>The options of a network that a program changed, by their paths, such as <c>roi.samples_per_image</c>.</summary>
internal static class NetworkChanges
{
    private static readonly JsonSerializerOptions json = new()
    {
        IncludeFields = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The changes from one set of options to another.</summary>
    public static IReadOnlyDictionary<string, OptionValue> Between<T>(T before, T after)
    {
        SortedDictionary<string, OptionValue> changes = new(StringComparer.Ordinal);
        Compare("", JsonSerializer.SerializeToNode(before, json), JsonSerializer.SerializeToNode(after, json), changes);
        return changes;
    }

    /// <summary>Options with changes.</summary>
    /// <exception cref="FormatException">There is no such option, or it takes another value.</exception>
    public static T Apply<T>(T options, IReadOnlyDictionary<string, OptionValue> changes)
    {
        JsonNode root = JsonSerializer.SerializeToNode(options, json)!;
        foreach (var (path, value) in changes)
        {
            string[] names = path.Split('.');
            JsonObject? place = root as JsonObject;
            foreach (string name in names[..^1]) place = place?[name] as JsonObject;
            if (place is null || !place.ContainsKey(names[^1])) throw new FormatException($"there is no option {path} of this network");
            place[names[^1]] = ToJson(value);
        }
        try
        {
            return root.Deserialize<T>(json)!;
        }
        catch (JsonException e)
        {
            throw new FormatException($"the value of {e.Path?.TrimStart('$', '.')} does not fit", e);
        }
    }

    private static void Compare(string path, JsonNode? before, JsonNode? after, SortedDictionary<string, OptionValue> changes)
    {
        if (JsonNode.DeepEquals(before, after)) return;
        if (before is JsonObject old && after is JsonObject current)
            foreach (var (name, value) in current) Compare(path.Length == 0 ? name : $"{path}.{name}", old[name], value, changes);
        else changes[path] = after is null ? OptionValue.None
            : after is JsonArray list ? new([.. list.Select(Text)], IsList: true) : new([Text(after)]);
    }

    private static string Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out string? text) ? text : node?.ToJsonString() ?? "null";

    private static JsonNode? ToJson(OptionValue value) => !value.IsGiven ? null
        : value.IsList ? new JsonArray([.. value.Texts.Select(OfText)]) : OfText(value.Texts[0]);

    private static JsonNode? OfText(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);      // a name
        }
    }
}
