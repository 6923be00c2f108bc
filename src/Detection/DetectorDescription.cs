using System.Globalization;
using System.Text.Json;
using Vision.Backbones;
using Vision.Data;

namespace Vision.Detection;

/// <summary>What must be known beside a detector's weights to use them. It travels in the metadata of their file.</summary>
public sealed record DetectorDescription
{
    private const string ModelKey = "model", OptionsKey = "detector", CategoriesKey = "categories";

    private static readonly JsonSerializerOptions json = new() { IncludeFields = true };  // skeletons are of tuples

    /// <summary>The name in <see cref="DetectorCatalog"/>.</summary>
    public required string Model { get; init; }

    /// <summary>The classes: label 1 is the first.</summary>
    public required IReadOnlyList<Category> Categories { get; init; }

    /// <summary>How the network is built.</summary>
    public required DetectorOptions Options { get; init; }

    /// <summary>False for a file of an early version, which tells the backbone, the sizes and the normalization alone.</summary>
    internal bool IsComplete { get; init; } = true;

    /// <summary>As text by key, for the metadata of a file.</summary>
    public IReadOnlyDictionary<string, string> ToMetadata() => new Dictionary<string, string>
    {
        [ModelKey] = Model,
        [CategoriesKey] = JsonSerializer.Serialize(Categories, json),
        [OptionsKey] = JsonSerializer.Serialize(Options),
    };

    /// <summary>Reads what <see cref="ToMetadata"/> wrote; null where the metadata is of another origin, as
    /// that of published weights or of a classifier is.</summary>
    /// <exception cref="InputException">It is damaged.</exception>
    public static DetectorDescription? FromMetadata(IReadOnlyDictionary<string, string> metadata, string source)
    {
        bool isComplete = metadata.ContainsKey(OptionsKey);
        if (!metadata.TryGetValue(ModelKey, out string? model) || !metadata.ContainsKey(CategoriesKey)
            || !(isComplete || metadata.ContainsKey("min_size"))) return null;
        try
        {
            Category[] categories = Read<Category[]>(CategoriesKey);
            DetectorOptions options = isComplete ? Read<DetectorOptions>(OptionsKey) : Early(categories.Length + 1);
            return new() { Model = model, Categories = categories, Options = options, IsComplete = isComplete };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or ArgumentException)
        {
            throw new InputException(
                $"{source}: the description of the model in its metadata is damaged ({e.Message}); train or save it again.", e);
        }

        T Read<T>(string key) => JsonSerializer.Deserialize<T>(metadata[key], json) ?? throw new JsonException($"{key} is null");

        DetectorOptions Early(int classes) => new()
        {
            NumClasses = classes,
            Backbone = metadata.GetValueOrDefault("backbone"),
            Norm = metadata.TryGetValue("norm", out string? norm) ? Enum.Parse<NormKind>(norm) : null,
            MinSize = int.Parse(metadata["min_size"], CultureInfo.InvariantCulture),
            MaxSize = int.Parse(metadata["max_size"], CultureInfo.InvariantCulture),
            ImageMean = Read<float[]>("image_mean"),
            ImageStd = Read<float[]>("image_std"),
        };
    }
}
