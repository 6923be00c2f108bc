using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Vision.Weights.Safetensors;

/// <summary>
/// The header before the data: its length in 8 bytes, then JSON with each tensor's dtype, shape and offsets,
/// and a map of strings under "__metadata__". It is checked against the length of the file: the tensors must
/// be complete and adjacent, without overlaps or gaps, as the format requires.
/// </summary>
internal sealed class SafetensorsHeader
{
    private const int LengthBytes = 8;
    // The limit of Python's safetensors.
    private const long MaxBytes = 100_000_000;

    /// <summary>A tensor's location in the file.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Dtype">The type of its elements.</param>
    /// <param name="Shape">Its shape.</param>
    /// <param name="Begin">Its first byte, relative to the end of the header.</param>
    /// <param name="End">The byte after its last.</param>
    public readonly record struct Entry(string Name, ScalarType Dtype, long[] Shape, long Begin, long End);

    /// <summary>The tensors, in file order.</summary>
    public IReadOnlyList<Entry> Entries { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Whether the start of a file matches this format.</summary>
    public static bool Matches(ReadOnlySpan<byte> start) =>
        start.Length > LengthBytes && start[LengthBytes] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(start) <= MaxBytes;

    /// <summary>Reads the header and leaves the file at the first byte of data.</summary>
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
            throw new MalformedException($"its header does not follow the safetensors format ({e.Message})");
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
            throw new MalformedException($"the offsets of '{property.Name}' do not match its shape {Text.Shape(shape)}");
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
                    $"'{entry.Name}' begins at {entry.Begin}; expected {end}: tensors overlap or leave a gap");
            end = entry.End;
        }
        if (end > bodyBytes) throw new EndOfStreamException();
        if (end < bodyBytes) throw new MalformedException($"{bodyBytes - end} bytes follow the last tensor");
    }
}
