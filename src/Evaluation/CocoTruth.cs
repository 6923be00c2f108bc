using System.Text.Json.Serialization;

namespace Vision.Evaluation;

/// <summary>An entry of <c>annotations</c> in a COCO annotation file, as far as boxes need it.</summary>
internal record CocoTruth
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

    /// <summary>Whether it has what is compared.</summary>
    internal virtual bool IsComplete => Bbox is not null;

    /// <summary>Complains where it has not.</summary>
    internal virtual void RequireGeometry(string path, string subject) => CocoJson.Require(path, subject, ("bbox", Bbox));
}

/// <summary>An annotation with its mask.</summary>
internal sealed record CocoMaskTruth : CocoTruth
{
    [JsonPropertyName("segmentation")]
    public CocoSegment? Segmentation { get; init; }

    internal override bool IsComplete => Segmentation is not null;

    internal override void RequireGeometry(string path, string subject) => CocoJson.Require(path, subject, ("segmentation", Segmentation));
}

/// <summary>An annotation with its keypoints.</summary>
internal sealed record CocoKeypointTruth : CocoTruth
{
    /// <summary>x, y and visibility of each.</summary>
    [JsonPropertyName("keypoints")]
    public double[]? Keypoints { get; init; }

    [JsonPropertyName("num_keypoints")]
    public int? NumKeypoints { get; init; }

    internal override bool IsComplete => Keypoints is not null && Bbox is not null;

    internal override void RequireGeometry(string path, string subject) =>
        CocoJson.Require(path, subject, ("keypoints", Keypoints), ("bbox", Bbox));
}
