using Vision.Data;

namespace Vision.Segmentation;

/// <summary>What is needed besides the weights to use a segmenter. It is stored in the metadata of the weights file.</summary>
public sealed record SegmenterDescription : ModelDescription
{
    private const string OptionsKey = "segmenter", ColorsKey = "colours", SizeKey = "shorter_side";

    /// <summary>The options of the network.</summary>
    public required SegmenterOptions Options { get; init; }

    /// <summary>The shorter side of the training images, in pixels; null if they were not resized.</summary>
    public int? ShorterSide { get; init; }

    /// <summary>The colors of the classes in the data set; null if it has none.</summary>
    public IReadOnlyList<(byte Red, byte Green, byte Blue)>? Colors { get; init; }

    /// <inheritdoc/>
    public override string? Backbone => Options.Backbone;

    /// <inheritdoc/>
    protected override IEnumerable<(string Key, object? Value)> Settings =>
        [(OptionsKey, Options), (SizeKey, ShorterSide), (ColorsKey, Colors)];

    /// <summary>Reads what <see cref="ModelDescription.ToMetadata"/> wrote; null if the metadata is not a segmenter's.</summary>
    /// <param name="metadata">The metadata of a weights file.</param>
    /// <param name="source">The file, for messages.</param>
    /// <exception cref="InputException">The metadata is damaged.</exception>
    public static SegmenterDescription? FromMetadata(IReadOnlyDictionary<string, string> metadata, string source) =>
        Read(metadata, source, OptionsKey, reader => new SegmenterDescription
        {
            Model = reader.Model,
            Categories = reader.Categories,
            Options = reader.Value<SegmenterOptions>(OptionsKey),
            ShorterSide = reader.ValueOrNull<int?>(SizeKey),
            Colors = reader.ValueOrNull<(byte, byte, byte)[]>(ColorsKey),
        });
}
