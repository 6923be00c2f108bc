using Vision.Backbones;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Classification;

/// <summary>What is needed besides the weights to use a classifier. It is stored in the metadata of the weights file.</summary>
public sealed record ClassifierDescription : ModelDescription
{
    private const string ResizeKey = "resize_size", CropKey = "crop_size", InterpolationKey = "interpolation",
        MeanKey = "image_mean", StdKey = "image_std";

    // ImageNet's evaluation since AlexNet: 224 of 256 pixels. A CIFAR network uses whole images.
    private static readonly Preprocessing usual = new(256, 224), cifar = new(32, 32);

    /// <summary>The preprocessing of images: resize, crop, normalize.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <inheritdoc/>
    protected override IEnumerable<(string Key, object? Value)> Settings =>
    [
        (ResizeKey, Preprocessing.Resize), (CropKey, Preprocessing.Crop),
        (InterpolationKey, Preprocessing.Interpolation.ToString().ToLowerInvariant()),
        (MeanKey, Preprocessing.Mean), (StdKey, Preprocessing.Std),
    ];

    /// <summary>The preprocessing of a model: that of the published weights whose hash is in the file's name,
    /// else of the best published ones, else the usual one.</summary>
    /// <param name="model">The name in <see cref="BackboneRegistry"/>.</param>
    /// <param name="weights">The weights file; null for none.</param>
    public static Preprocessing UsualPreprocessing(string model, string? weights = null)
    {
        BackboneFacts facts = BackboneRegistry.Get(model).Facts;
        string file = Path.GetFileName(weights ?? "");
        return (facts.Weights.FirstOrDefault(entry => file.Contains(entry.Hash, StringComparison.Ordinal)) ?? facts.Default)?.Preprocessing
            ?? (model.EndsWith("_cifar", StringComparison.Ordinal) ? cifar : usual);
    }

    /// <summary>Reads what <see cref="ModelDescription.ToMetadata"/> wrote; null if the metadata is not a classifier's.</summary>
    /// <param name="metadata">The metadata of a weights file.</param>
    /// <param name="source">The file, for messages.</param>
    /// <exception cref="InputException">The metadata is damaged.</exception>
    public static ClassifierDescription? FromMetadata(IReadOnlyDictionary<string, string> metadata, string source) =>
        Read(metadata, source, CropKey, reader => new ClassifierDescription
        {
            Model = reader.Model,
            Categories = reader.Categories,
            Preprocessing = new(reader.Value<int>(ResizeKey), reader.Value<int>(CropKey),
                Enum.Parse<InterpolationMode>(reader.Text(InterpolationKey), ignoreCase: true))
            {
                Mean = reader.Value<float[]>(MeanKey),
                Std = reader.Value<float[]>(StdKey),
            },
        });
}
