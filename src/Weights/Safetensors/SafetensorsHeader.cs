using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Vision.Weights.Safetensors;

/// <summary>
/// What stands before the numbers: 8 bytes of length, then JSON with each tensor's dtype, shape and place,
/// and a map of text under "__metadata__". Checked against the length of the file: the tensors lie in it
/// whole, side by side, without overlaps or gaps, as the format demands.
/// </summary>
internal sealed class SafetensorsHeader
{
    private const int LengthBytes = 8;
    // The limit of Python's safetensors.
    private const long MaxBytes = 100_000_000;

    /// <summary>A tensor's place in the file.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Dtype">The type of its elements.</param>
    /// <param name="Shape">Its shape.</param>
    /// <param name="Begin">Where it begins, counted from the end of the header.</param>
    /// <param name="End">Where it ends.</param>
    public readonly record struct Entry(string Name, ScalarType Dtype, long[] Shape, long Begin, long End);

    /// <summary>The tensors, in the order of their places.</summary>
    public IReadOnlyList<Entry> Entries { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Whether a file begins as one of this format does.</summary>
    public static bool Matches(ReadOnlySpan<byte> start) =>
        start.Length > LengthBytes && start[LengthBytes] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(start) <= MaxBytes;

    /// <summary>Reads it and leaves the file at the first number.</summary>
    public SafetensorsHeader(FileStream file)
    {
        Span<byte> length = stackalloc byte[LengthBytes];
        file.ReadExactly(length);
        ulong headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(length);
        if (headerBytes > MaxBytes) throw new MalformedException($"its header is over {MaxBytes} bytes, which the format forbids");
        if ((long)headerBytes > file.Length - LengthBytes) throw new EndOfStreamException();
        byte[] json = new byte[headerBytes];
        file.ReadExactly(json);

        List<Entry> entries = [];
        Dictionary<string, string> metadata = [];
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.Name != "__metadata__") entries.Add(ParseEntry(property));
                else foreach (JsonProperty item in property.Value.EnumerateObject()) metadata[item.Name] = item.Value.GetString()!;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new MalformedException($"its header is not what safetensors prescribes ({e.Message})");
        }

        entries.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        Entries = entries;
        Metadata = metadata;
        CheckPlaces(file.Length - file.Position);
    }

    private static Entry ParseEntry(JsonProperty property)
    {
        string dtypeName = property.Value.GetProperty("dtype").GetString() ?? "";
        ScalarType dtype = SafetensorsDtype.Parse(dtypeName)
            ?? throw new MalformedException(
                $"'{property.Name}' has dtype {dtypeName}, which is not supported; convert it to F32, F16 or BF16");
        long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        long[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
        if (offsets is not [>= 0, >= 0] || shape.Any(size => size < 0) || Bytes(shape, dtype) != offsets[1] - (Int128)offsets[0])
            throw new MalformedException($"the place of '{property.Name}' does not fit its shape {Text.Shape(shape)}");
        return new(property.Name, dtype, shape, offsets[0], offsets[1]);
    }

    private static Int128 Bytes(long[] shape, ScalarType dtype)
    {
        Int128 bytes = dtype.ElementSize();
        foreach (long size in shape)
        {
            bytes *= size;
            if (bytes > long.MaxValue) return -1;
        }
        return bytes;
    }

    private void CheckPlaces(long bodyBytes)
    {
        long end = 0;
        foreach (Entry entry in Entries)
        {
            if (entry.Begin != end)
                throw new MalformedException(
                    $"'{entry.Name}' lies at {entry.Begin}, where {end} is expected: tensors overlap or leave a gap");
            end = entry.End;
        }
        if (end > bodyBytes) throw new EndOfStreamException();
        if (end < bodyBytes) throw new MalformedException($"{bodyBytes - end} bytes follow the last tensor");
    }
}
