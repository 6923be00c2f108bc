using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vision.Onnx;

/// <summary>Writes small tuples of integers as lists, which readers in any language expect, instead of as objects.</summary>
/// <param name="toList">The tuple's integers.</param>
/// <param name="fromList">The tuple of integers; it may index out of the range of too short a list.</param>
internal sealed class ListConverter<T>(Func<T, int[]> toList, Func<int[], T> fromList) : JsonConverter<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        int[] values = JsonSerializer.Deserialize<int[]>(ref reader, options) ?? [];
        try
        {
            return fromList(values);
        }
        catch (Exception e) when (e is IndexOutOfRangeException or OverflowException)
        {
            throw new JsonException($"[{string.Join(", ", values)}] is not a {typeof(T).Name}", e);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, toList(value), options);
}
