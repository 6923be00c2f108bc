using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vision.Data;

/// <summary>COCO's instances, keypoints or panoptic file. Any part may be missing in hand-written files.</summary>
internal sealed class CocoJson
{
    public List<Image>? Images { get; init; }
    public List<Item>? Annotations { get; init; }
    public List<Class>? Categories { get; init; }

    internal sealed class Image
    {
        public long? Id { get; init; }
        public string? FileName { get; init; }
        public int? Width { get; init; }
        public int? Height { get; init; }
    }

    internal sealed class Item
    {
        public long? Id { get; init; }
        public long? ImageId { get; init; }
        public int? CategoryId { get; init; }
        public float[]? Bbox { get; init; }
        public double? Area { get; init; }
        public int Iscrowd { get; init; }
        public CocoSegmentation? Segmentation { get; init; }
        public float[]? Keypoints { get; init; }
        public int? NumKeypoints { get; init; }
        public string? FileName { get; init; }
        public List<PanopticSegment>? SegmentsInfo { get; init; }
    }

    internal sealed class PanopticSegment
    {
        public int? Id { get; init; }
        public int? CategoryId { get; init; }
    }

    internal sealed class Class
    {
        public int? Id { get; init; }
        public string? Name { get; init; }
        public string[]? Keypoints { get; init; }
        public int[][]? Skeleton { get; init; }
        // Three numbers in panoptic files; tools write anything here.
        public JsonElement? Color { get; init; }
    }
}

/// <summary>The source-generated serializer of <see cref="CocoJson"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowReadingFromString,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, DefaultBufferSize = 1 << 20)]
[JsonSerializable(typeof(CocoJson))]
internal sealed partial class CocoJsonContext : JsonSerializerContext;
