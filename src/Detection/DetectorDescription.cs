using System.Globalization;
using System.Text.Json;
using Vision.Backbones;
using Vision.Data;

namespace Vision.Detection;

/// <summary>What must be known beside a detector's weights to use them. It travels in the metadata of their file.</summary>
public sealed record DetectorDescription
{
    private const string ModelKey = "model", BackboneKey = "backbone", NormKey = "norm", CategoriesKey = "categories";
    private const string MinSizeKey = "min_size", MaxSizeKey = "max_size", MeanKey = "image_mean", StdKey = "image_std";

    private static readonly JsonSerializerOptions json = new() { IncludeFields = true };  // skeletons are of tuples

    /// <summary>The name in <see cref="DetectorCatalog"/>.</summary>
    public required string Model { get; init; }

    /// <summary>The backbone in place of the one in the name; null for that one.</summary>
    public string? Backbone { get; init; }

    /// <summary>As <see cref="DetectorOptions.Norm"/>.</summary>
    public NormKind? Norm { get; init; }

    /// <summary>The classes: label 1 is the first.</summary>
    public required IReadOnlyList<Category> Categories { get; init; }

    /// <summary>As <see cref="DetectorOptions.MinSize"/>.</summary>
    public required int MinSize { get; init; }

    /// <summary>As <see cref="DetectorOptions.MaxSize"/>.</summary>
    public required int MaxSize { get; init; }

    /// <summary>As <see cref="DetectorOptions.ImageMean"/>.</summary>
    public required IReadOnlyList<float> ImageMean { get; init; }

    /// <summary>As <see cref="DetectorOptions.ImageStd"/>.</summary>
    public required IReadOnlyList<float> ImageStd { get; init; }

    /// <summary>The description of a detector that is built by name.</summary>
    public static DetectorDescription Of(string model, DetectorOptions options, IReadOnlyList<Category> categories) => new()
    {
        Model = model,
        Backbone = options.Backbone,
        Norm = options.Norm,
        Categories = categories,
        MinSize = options.MinSize,
        MaxSize = options.MaxSize,
        ImageMean = options.ImageMean,
        ImageStd = options.ImageStd,
    };

    /// <summary>As text by key, for the metadata of a file.</summary>
    public IReadOnlyDictionary<string, string> ToMetadata()
    {
        Dictionary<string, string> metadata = new()
        {
            [ModelKey] = Model,
            [CategoriesKey] = JsonSerializer.Serialize(Categories, json),
            [MinSizeKey] = MinSize.ToString(CultureInfo.InvariantCulture),
            [MaxSizeKey] = MaxSize.ToString(CultureInfo.InvariantCulture),
            [MeanKey] = JsonSerializer.Serialize(ImageMean),
            [StdKey] = JsonSerializer.Serialize(ImageStd),
        };
        if (Backbone is not null) metadata[BackboneKey] = Backbone;
        if (Norm is not null) metadata[NormKey] = Norm.Value.ToString();
        return metadata;
    }

    /// <summary>Reads what <see cref="ToMetadata"/> wrote; null where the metadata is of another origin, as that of published weights or of a classifier is.</summary>
    /// <exception cref="InputException">It is damaged.</exception>
    public static DetectorDescription? FromMetadata(IReadOnlyDictionary<string, string> metadata, string source)
    {
        if (!metadata.TryGetValue(ModelKey, out string? model) || !metadata.ContainsKey(CategoriesKey) || !metadata.ContainsKey(MinSizeKey)) return null;
        try
        {
            return new()
            {
                Model = model,
                Backbone = metadata.GetValueOrDefault(BackboneKey),
                Norm = metadata.TryGetValue(NormKey, out string? norm) ? Enum.Parse<NormKind>(norm) : null,
                Categories = Read<Category[]>(CategoriesKey),
                MinSize = Read<int>(MinSizeKey),
                MaxSize = Read<int>(MaxSizeKey),
                ImageMean = Read<float[]>(MeanKey),
                ImageStd = Read<float[]>(StdKey),
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or ArgumentException)
        {
            throw new InputException($"{source}: the description of the model in its metadata is damaged ({e.Message}); train or save it again.", e);
        }

        T Read<T>(string key) => JsonSerializer.Deserialize<T>(metadata[key], json) ?? throw new JsonException($"{key} is null");
    }
}
