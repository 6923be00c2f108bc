using Vision.Backbones;
using Vision.Data;

namespace Vision.Detection;

/// <summary>What is needed besides the weights to use a detector. It is stored in the metadata of the weights file.</summary>
public sealed record DetectorDescription : ModelDescription
{
    private const string OptionsKey = "detector";

    // Files of early versions have this and five other keys instead of the options.
    private const string EarlyKey = "min_size";

    /// <summary>The options of the network.</summary>
    public required DetectorOptions Options { get; init; }

    /// <inheritdoc/>
    public override string? Backbone => Options.Backbone;

    /// <summary>False for a file of an early version, which has only the backbone, the sizes and the normalization.</summary>
    internal bool IsComplete { get; init; } = true;

    /// <inheritdoc/>
    protected override IEnumerable<(string Key, object? Value)> Settings => [(OptionsKey, Options)];

    /// <summary>Reads what <see cref="ModelDescription.ToMetadata"/> wrote; null if the metadata is not a detector's.</summary>
    /// <param name="metadata">The metadata of a weights file.</param>
    /// <param name="source">The file, for messages.</param>
    /// <exception cref="InputException">The metadata is damaged.</exception>
    public static DetectorDescription? FromMetadata(IReadOnlyDictionary<string, string> metadata, string source) =>
        Read(metadata, source, OptionsKey, reader => new DetectorDescription
        {
            Model = reader.Model, Categories = reader.Categories, Options = reader.Value<DetectorOptions>(OptionsKey),
        })
        ?? Read(metadata, source, EarlyKey, reader => new DetectorDescription
        {
            Model = reader.Model, Categories = reader.Categories, Options = EarlyOptions(reader), IsComplete = false,
        });

    private static DetectorOptions EarlyOptions(Reader reader) => new()
    {
        NumClasses = reader.Categories.Count + 1,
        Backbone = reader.TextOrNull("backbone"),
        Norm = reader.TextOrNull("norm") is { } norm ? Enum.Parse<NormKind>(norm) : null,
        MinSize = reader.Value<int>(EarlyKey),
        MaxSize = reader.Value<int>("max_size"),
        ImageMean = reader.Value<float[]>("image_mean"),
        ImageStd = reader.Value<float[]>("image_std"),
    };
}
