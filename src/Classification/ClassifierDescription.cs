using System.Globalization;
using System.Text.Json;
using Vision.Backbones;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Classification;

/// <summary>What must be known beside a classifier's weights to use them. It travels in the metadata of their file.</summary>
public sealed record ClassifierDescription
{
    private const string ModelKey = "model", CategoriesKey = "categories", ResizeKey = "resize_size", CropKey = "crop_size",
        InterpolationKey = "interpolation";
    private const string MeanKey = "image_mean", StdKey = "image_std";

    // ImageNet's evaluation since AlexNet: 224 of 256 pixels. A CIFAR network sees its images whole.
    private static readonly Preprocessing usual = new(256, 224), cifar = new(32, 32);

    /// <summary>The name in <see cref="BackboneRegistry"/>.</summary>
    public required string Model { get; init; }

    /// <summary>The classes: label 0 is the first.</summary>
    public required IReadOnlyList<Category> Categories { get; init; }

    /// <summary>What images go through: resized, cropped and normalized.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>The preprocessing of a model: that of the published weights whose hash the file's name bears,
    /// or of the best published ones, or what is usual.</summary>
    /// <param name="model">The name in <see cref="BackboneRegistry"/>.</param>
    /// <param name="weights">The file of weights; null for none.</param>
    public static Preprocessing UsualPreprocessing(string model, string? weights = null)
    {
        BackboneFacts facts = BackboneRegistry.Get(model).Facts;
        string file = Path.GetFileName(weights ?? "");
        return (facts.Weights.FirstOrDefault(entry => file.Contains(entry.Hash, StringComparison.Ordinal)) ?? facts.Default)?.Preprocessing
            ?? (model.EndsWith("_cifar", StringComparison.Ordinal) ? cifar : usual);
    }

    /// <summary>As text by key, for the metadata of a file.</summary>
    public IReadOnlyDictionary<string, string> ToMetadata() => new Dictionary<string, string>
    {
        [ModelKey] = Model,
        [CategoriesKey] = JsonSerializer.Serialize(Categories),
        [ResizeKey] = Preprocessing.Resize.ToString(CultureInfo.InvariantCulture),
        [CropKey] = Preprocessing.Crop.ToString(CultureInfo.InvariantCulture),
        [InterpolationKey] = Preprocessing.Interpolation.ToString().ToLowerInvariant(),
        [MeanKey] = JsonSerializer.Serialize(Preprocessing.Mean),
        [StdKey] = JsonSerializer.Serialize(Preprocessing.Std),
    };

    /// <summary>Reads what <see cref="ToMetadata"/> wrote; null where the metadata is of
    /// another origin, as published weights' is.</summary>
    /// <exception cref="InputException">It is damaged.</exception>
    public static ClassifierDescription? FromMetadata(IReadOnlyDictionary<string, string> metadata, string source)
    {
        if (!metadata.TryGetValue(ModelKey, out string? model) || !metadata.ContainsKey(CategoriesKey) || !metadata.ContainsKey(CropKey))
            return null;
        try
        {
            return new()
            {
                Model = model,
                Categories = Read<Category[]>(CategoriesKey),
                Preprocessing = new(Read<int>(ResizeKey), Read<int>(CropKey),
                    Enum.Parse<InterpolationMode>(metadata[InterpolationKey], ignoreCase: true))
                {
                    Mean = Read<float[]>(MeanKey),
                    Std = Read<float[]>(StdKey),
                },
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or ArgumentException)
        {
            throw new InputException(
                $"{source}: the description of the model in its metadata is damaged ({e.Message}); train or save it again.", e);
        }

        T Read<T>(string key) => JsonSerializer.Deserialize<T>(metadata[key]) ?? throw new JsonException($"{key} is null");
    }
}
