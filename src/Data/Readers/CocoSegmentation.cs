using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vision.Data;

/// <summary>COCO's <c>segmentation</c>: polygons, or run lengths as numbers or as compressed text.</summary>
[JsonConverter(typeof(Converter))]
internal sealed class CocoSegmentation
{
    public List<float[]>? Polygons { get; init; }
    public uint[]? Counts { get; init; }
    public string? Compressed { get; init; }
    public int[]? Size { get; init; }

    /// <summary>The segment, or null if there is none, and a description of what is unusable in it.</summary>
    public (Segment? Segment, string? Fault) Read(int width, int height)
    {
        if (Polygons is not null)
        {
            float[][] usable =
                [.. Polygons.Where(polygon => polygon.Length >= 6 && polygon.Length % 2 == 0 && polygon.All(float.IsFinite))];
            string? fault = usable.Length == Polygons.Count ? null
                : $"{Polygons.Count - usable.Length} of its {Polygons.Count} polygons have fewer than three points or half a point; " +
                    "left out";
            return (usable.Length == 0 ? null : new() { Polygons = usable }, fault);
        }
        if (Counts is null && Compressed is null)
            return (null, "its segmentation is neither a list of polygons nor {size, counts}; left out");
        if (Size is not [int h, int w]) return (null, "its segmentation lacks the size [height, width]; left out");
        if ((w, h) != (width, height))
            return (null, $"its segmentation was made on an image of {w}×{h}, and this one is {width}×{height}; left out");
        try
        {
            RleMask mask = Compressed is null ? new(w, h, Counts!) : RleMask.FromCompressed(Compressed, w, h);
            return mask.Area > 0 ? (new() { Runs = mask }, null) : (null, "its segmentation has no pixels; left out");
        }
        catch (InputException exception)
        {
            return (null, $"{exception.Message.TrimEnd('.')}; left out");
        }
    }

    internal sealed class Converter : JsonConverter<CocoSegmentation>
    {
        public override CocoSegmentation? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                List<float[]> polygons = [];
                List<float> numbers = [];
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    // A flat list of numbers is a single polygon.
                    if (reader.TokenType == JsonTokenType.StartArray) polygons.Add(Numbers(ref reader));
                    else if (reader.TokenType == JsonTokenType.Number) numbers.Add(reader.GetSingle());
                    else reader.Skip();
                }
                if (numbers.Count > 0) polygons.Add([.. numbers]);
                return polygons.Count == 0 ? null : new() { Polygons = polygons };
            }
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                return new();
            }
            (uint[]? counts, string? compressed, int[]? size) = (null, null, null);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                string name = reader.GetString()!;
                reader.Read();
                if (name == "counts" && reader.TokenType == JsonTokenType.String) compressed = reader.GetString();
                else if (name == "counts" && reader.TokenType == JsonTokenType.StartArray) counts = Whole(ref reader);
                else if (name == "size" && reader.TokenType == JsonTokenType.StartArray)
                    size = [.. Numbers(ref reader).Select(value => (int)value)];
                else reader.Skip();
            }
            return new() { Counts = counts, Compressed = compressed, Size = size };
        }

        public override void Write(Utf8JsonWriter writer, CocoSegmentation value, JsonSerializerOptions options)
        {
            if (value.Polygons is not null)
            {
                writer.WriteStartArray();
                foreach (float[] polygon in value.Polygons)
                {
                    writer.WriteStartArray();
                    foreach (float number in polygon) writer.WriteNumberValue(number);
                    writer.WriteEndArray();
                }
                writer.WriteEndArray();
                return;
            }
            writer.WriteStartObject();
            writer.WriteStartArray("size");
            foreach (int side in value.Size!) writer.WriteNumberValue(side);
            writer.WriteEndArray();
            if (value.Counts is null) writer.WriteString("counts", value.Compressed);
            else
            {
                writer.WriteStartArray("counts");
                foreach (uint count in value.Counts) writer.WriteNumberValue(count);
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }

        // A value that is not a number becomes NaN, which makes its polygon unusable.
        private static float[] Numbers(ref Utf8JsonReader reader)
        {
            List<float> numbers = [];
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                numbers.Add(reader.TokenType == JsonTokenType.Number ? reader.GetSingle() : float.NaN);
                if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject) reader.Skip();
            }
            return [.. numbers];
        }

        private static uint[]? Whole(ref Utf8JsonReader reader)
        {
            List<uint> numbers = [];
            bool fine = true;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType == JsonTokenType.Number && reader.TryGetUInt32(out uint number)) numbers.Add(number);
                else fine = false;
                if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject) reader.Skip();
            }
            return fine ? [.. numbers] : null;
        }
    }
}
