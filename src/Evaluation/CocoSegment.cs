using System.Text.Json;
using System.Text.Json.Serialization;
using Vision.Data;

namespace Vision.Evaluation;

/// <summary>The <c>segmentation</c> of an annotation or a result: polygons, or run lengths as numbers or as text.</summary>
[JsonConverter(typeof(Converter))]
internal sealed class CocoSegment
{
    private double[][] polygons = [];
    private Runs? runs;

    /// <summary>The pixels in an image of the given size.</summary>
    /// <exception cref="InputException">It is invalid.</exception>
    public RleMask ToMask(int width, int height)
    {
        if (runs is null) return PolygonRaster.Fill(polygons, width, height);
        if (runs.Size is not [int rows, int columns]) throw new InputException("its segmentation's 'size' is not [height, width].");
        if ((columns, rows) != (width, height))
            throw new InputException($"its mask has {columns}×{rows} pixels, but its image has {width}×{height}.");
        return runs.Counts.ValueKind switch
        {
            JsonValueKind.String => RleMask.FromCompressed(runs.Counts.GetString()!, width, height),
            JsonValueKind.Array => new(width, height, Numbers(runs.Counts)),
            _ => throw new InputException("its segmentation lacks 'counts', a list of numbers or a string."),
        };
    }

    private static uint[] Numbers(JsonElement counts)
    {
        try
        {
            return counts.Deserialize<uint[]>()!;
        }
        catch (JsonException e)
        {
            throw new InputException("its segmentation's 'counts' are not integers of 0 or more.", e);
        }
    }

    private sealed record Runs([property: JsonPropertyName("size")] int[]? Size, [property: JsonPropertyName("counts")] JsonElement Counts);

    private sealed class Converter : JsonConverter<CocoSegment>
    {
        public override CocoSegment Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            try
            {
                return reader.TokenType == JsonTokenType.StartObject
                    ? new() { runs = JsonSerializer.Deserialize<Runs>(ref reader, options) }
                    : new() { polygons = JsonSerializer.Deserialize<double[][]>(ref reader, options)! };
            }
            catch (JsonException e)
            {
                // Without a path of its own, which would start at the segmentation, so that the file's path is added.
                throw new JsonException(null, e);
            }
        }

        public override void Write(Utf8JsonWriter writer, CocoSegment value, JsonSerializerOptions options) =>
            throw new NotSupportedException();
    }
}
