using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vision.Training;

/// <summary>What a failure capsule holds besides tensors: the text of <c>capsule.json</c>.</summary>
internal sealed record CapsuleContent
{
    /// <summary>The version of this format.</summary>
    public const int Current = 1;

    private static readonly JsonSerializerOptions json = new()
    {
        WriteIndented = true, Converters = { new JsonStringEnumConverter() }, RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The version of the format that was written.</summary>
    public required int Format { get; init; }

    /// <summary>Why the step failed.</summary>
    public required string Error { get; init; }

    /// <summary>Its epoch, starting at 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Its number in the run, starting at 1.</summary>
    public required int Step { get; init; }

    /// <summary>The kind of model.</summary>
    public required ModelKind Kind { get; init; }

    /// <summary>Where it failed: versions, system, device, threads.</summary>
    public required IReadOnlyDictionary<string, string> Machine { get; init; }

    /// <summary>The type that products were computed in.</summary>
    public required TrainingPrecision Precision { get; init; }

    /// <summary>The loss of a segmenter, as its text; null for others.</summary>
    public string? Loss { get; init; }

    /// <summary>The label smoothing of a classifier.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>The names of the parameters without gradients.</summary>
    public required IReadOnlyList<string> Frozen { get; init; }

    /// <summary>The names of the layers in evaluation mode.</summary>
    public required IReadOnlyList<string> Evaluating { get; init; }

    /// <summary>The batches of the step, the last of which failed unless all together did.</summary>
    public required IReadOnlyList<CapsuleBatch> Batches { get; init; }

    /// <summary>The options of the run, for the reader.</summary>
    public required TrainerOptions Options { get; init; }

    /// <summary>The task's options, for the reader.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>As text.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is damaged.</exception>
    public static CapsuleContent Read(ReadOnlySpan<byte> text) =>
        JsonSerializer.Deserialize<CapsuleContent>(text, json) ?? throw new JsonException("it is empty");
}
