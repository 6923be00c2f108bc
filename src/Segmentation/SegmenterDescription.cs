using System.Globalization;
using System.Text.Json;
using Vision.Backbones;
using Vision.Data;

namespace Vision.Segmentation;

/// <summary>What must be known beside a segmenter's weights to use them. It travels in the metadata of their file.</summary>
public sealed record SegmenterDescription
{
    private const string ModelKey = "model", CategoriesKey = "categories", OptionsKey = "segmenter", ColorsKey = "colours",
        SizeKey = "shorter_side";

    private static readonly JsonSerializerOptions json = new() { IncludeFields = true };  // colors are tuples

    /// <summary>The name in <see cref="SegmenterCatalog"/>.</summary>
    public required string Model { get; init; }

    /// <summary>The classes: label 0 is the first.</summary>
    public required IReadOnlyList<Category> Categories { get; init; }

    /// <summary>How the network is built.</summary>
    public required SegmenterOptions Options { get; init; }

    /// <summary>The shorter side that images had in training, in pixels; null where they were as they are.</summary>
    public int? ShorterSide { get; init; }

    /// <summary>The colors of the classes in the data set; null where it has none.</summary>
    public IReadOnlyList<(byte Red, byte Green, byte Blue)>? Colors { get; init; }

    /// <summary>As text by key, for the metadata of a file.</summary>
    public IReadOnlyDictionary<string, string> ToMetadata()
    {
        Dictionary<string, string> metadata = new()
        {
            [ModelKey] = Model,
            [CategoriesKey] = JsonSerializer.Serialize(Categories, json),
            [OptionsKey] = JsonSerializer.Serialize(Options),
        };
        if (ShorterSide is { } side) metadata[SizeKey] = side.ToString(CultureInfo.InvariantCulture);
        if (Colors is not null) metadata[ColorsKey] = JsonSerializer.Serialize(Colors, json);
        return metadata;
    }

    /// <summary>Reads what <see cref="ToMetadata"/> wrote; null where the metadata is of
    /// another origin, as published weights' is.</summary>
    /// <exception cref="InputException">It is damaged.</exception>
    public static SegmenterDescription? FromMetadata(IReadOnlyDictionary<string, string> metadata, string source)
    {
        if (!metadata.TryGetValue(ModelKey, out string? model) || !metadata.ContainsKey(CategoriesKey) || !metadata.ContainsKey(OptionsKey))
            return null;
        try
        {
            return new()
            {
                Model = model,
                Categories = Read<Category[]>(CategoriesKey),
                Options = Read<SegmenterOptions>(OptionsKey),
                ShorterSide = metadata.TryGetValue(SizeKey, out string? side) ? int.Parse(side, CultureInfo.InvariantCulture) : null,
                Colors = metadata.ContainsKey(ColorsKey) ? Read<(byte, byte, byte)[]>(ColorsKey) : null,
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or ArgumentException or FormatException)
        {
            throw new InputException(
                $"{source}: the description of the model in its metadata is damaged ({e.Message}); train or save it again.", e);
        }

        T Read<T>(string key) => JsonSerializer.Deserialize<T>(metadata[key], json) ?? throw new JsonException($"{key} is null");
    }
}
