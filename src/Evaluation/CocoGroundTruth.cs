using System.Text.Json.Serialization;

namespace Vision.Evaluation;

/// <summary>An entry of <c>annotations</c> in a COCO annotation file, with the fields that boxes need.</summary>
internal record CocoGroundTruth
{
    [JsonPropertyName("id")]
    public long? Id { get; init; }

    [JsonPropertyName("image_id")]
    public long? ImageId { get; init; }

    [JsonPropertyName("category_id")]
    public int? CategoryId { get; init; }

    [JsonPropertyName("bbox")]
    public double[]? Bbox { get; init; }

    [JsonPropertyName("area")]
    public double? Area { get; init; }

    [JsonPropertyName("iscrowd")]
    public int IsCrowd { get; init; }

    /// <summary>Whether it has the geometry to evaluate.</summary>
    internal virtual bool IsComplete => Bbox is not null;

    /// <summary>Throws if it has not.</summary>
    internal virtual void RequireGeometry(string path, string subject) => CocoJsonReader.Require(path, subject, ("bbox", Bbox));
}

/// <summary>An annotation with its mask.</summary>
internal sealed record CocoMaskTruth : CocoGroundTruth
{
    [JsonPropertyName("segmentation")]
    public CocoSegment? Segmentation { get; init; }

    internal override bool IsComplete => Segmentation is not null;

    internal override void RequireGeometry(string path, string subject) =>
        CocoJsonReader.Require(path, subject, ("segmentation", Segmentation));
}

/// <summary>An annotation with its keypoints.</summary>
internal sealed record CocoKeypointTruth : CocoGroundTruth
{
    /// <summary>x, y and visibility of each keypoint.</summary>
    [JsonPropertyName("keypoints")]
    public double[]? Keypoints { get; init; }

    [JsonPropertyName("num_keypoints")]
    public int? NumKeypoints { get; init; }

    internal override bool IsComplete => Keypoints is not null && Bbox is not null;

    internal override void RequireGeometry(string path, string subject) =>
        CocoJsonReader.Require(path, subject, ("keypoints", Keypoints), ("bbox", Bbox));
}
