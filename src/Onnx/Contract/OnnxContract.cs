using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Vision.Data;

namespace Vision.Onnx;

/// <summary>
/// What a program has to know to use an exported network, which is in the file itself: as JSON under <see cref="Key"/> in the metadata of
/// the ONNX model.
/// </summary>
public sealed record OnnxContract
{
    /// <summary>The key in the metadata of the ONNX model.</summary>
    public const string Key = "vision.contract";

    /// <summary>The format that this version of the toolkit writes, and the newest that it reads.</summary>
    public const int CurrentFormat = 1;

    private static readonly JsonSerializerOptions json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower),
            new ListConverter<(int From, int To)>(pair => [pair.From, pair.To], list => (list[0], list[1])),
            new ListConverter<(byte Red, byte Green, byte Blue)>(color => [color.Red, color.Green, color.Blue],
                list => (checked((byte)list[0]), checked((byte)list[1]), checked((byte)list[2]))),
        },
    };

    /// <summary>The version of this format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The version of the toolkit that exported the file.</summary>
    public string Toolkit { get; init; } = typeof(OnnxContract).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>What the network predicts.</summary>
    public required OnnxTask Task { get; init; }

    /// <summary>The model's name, such as <c>fasterrcnn_resnet50_fpn</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The backbone that replaces the one in the model's name; null for none.</summary>
    public string? Backbone { get; init; }

    /// <summary>The classes with their ids. A classifier's and a segmenter's label is the index in this list; a detector's is the index
    /// plus one.</summary>
    public required IReadOnlyList<Category> Categories { get; init; }

    /// <summary>The colors of the classes in their data set; null if it has none.</summary>
    public IReadOnlyList<(byte Red, byte Green, byte Blue)>? Colors { get; init; }

    /// <summary>The input.</summary>
    public required OnnxInput Input { get; init; }

    /// <summary>The outputs.</summary>
    public required IReadOnlyList<OnnxOutput> Outputs { get; init; }

    /// <summary>Figures of the network's evaluation by name, such as "AP" or "mIoU"; null if they are not known.</summary>
    public IReadOnlyDictionary<string, double>? Figures { get; init; }

    /// <summary>What a program must get if it computes this network.</summary>
    public required OnnxFingerprint Fingerprint { get; init; }

    /// <summary>The contract as JSON, for the metadata of the ONNX model.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, json);

    /// <summary>Reads the contract in a file, without loading the network.</summary>
    /// <param name="path">An <c>.onnx</c> file.</param>
    /// <exception cref="InputException">The file cannot be read, is not an ONNX model, has no contract, a damaged one, or one of a newer
    /// version of the toolkit.</exception>
    public static OnnxContract Read(string path) => FromJson(OnnxOutline.Read(path).ContractText, path);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="text">The JSON.</param>
    /// <param name="source">The file, for messages.</param>
    /// <exception cref="InputException">It is damaged, or of a newer version of the toolkit.</exception>
    public static OnnxContract FromJson(string text, string source)
    {
        try
        {
            using (JsonDocument document = JsonDocument.Parse(text))
                if (document.RootElement.GetProperty("format").GetInt32() is > CurrentFormat and var format)
                    throw new InputException(
                        $"{source} was exported by a newer version of the toolkit (contract {format}; this one reads up to " +
                        $"{CurrentFormat}): update it, or export the network with this version.");
            OnnxContract contract = JsonSerializer.Deserialize<OnnxContract>(text, json) ?? throw new JsonException("it is null");
            contract.Check();
            return contract;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InputException($"{source}: its contract is damaged ({e.Message}); export the network again.", e);
        }
    }

    /// <summary>Rejects what the types do not: sizes out of range, and empty lists.</summary>
    private void Check()
    {
        const int largestSide = 1 << 13, largestFingerprint = 1 << 11;
        if (Categories.Count == 0) throw new FormatException("it has no categories");
        if (ContractOf.OutputsOf(Task).Except(Outputs.Select(output => output.Name)).FirstOrDefault() is { } missing)
            throw new FormatException($"it has no output {missing}");
        if (Fingerprint is not { Block: > 0, Tolerance: > 0, Outputs.Count: > 0, Height: > 0 and <= largestFingerprint,
                Width: > 0 and <= largestFingerprint } || Fingerprint.Outputs.Any(output => output.Values.Length % sizeof(float) != 0))
            throw new FormatException("its fingerprint is out of range");
        if (Input is { Preprocessing: not null and not { Resize: > 0 and <= largestSide, Crop: > 0 and <= largestSide } }
            or { ShorterSide: not null and not (> 0 and <= largestSide) } or { Preprocessing: null } && Task == OnnxTask.Classification)
            throw new FormatException("the size of its input is out of range");
    }
}
