using System.Text.Json.Serialization;

namespace Vision.Evaluation;

/// <summary>An entry of a COCO results file, with the fields that boxes need.
/// After <see cref="ReadAll{T}"/>, no required field is null.</summary>
internal record CocoDetection
{
    [JsonPropertyName("image_id")]
    public long? ImageId { get; init; }

    [JsonPropertyName("category_id")]
    public int? CategoryId { get; init; }

    [JsonPropertyName("bbox")]
    public double[]? Bbox { get; init; }

    [JsonPropertyName("score")]
    public double? Score { get; init; }

    /// <summary>Whether it has the geometry to evaluate.</summary>
    internal virtual bool IsComplete => Bbox is not null;

    /// <summary>Throws if it has not.</summary>
    internal virtual void RequireGeometry(string path, string subject) => CocoJsonReader.Require(path, subject, ("bbox", Bbox));

    /// <summary>Reads and checks a results file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="geometry">The name of the field with the geometry to evaluate.</param>
    public static T[] ReadAll<T>(string path, string geometry) where T : CocoDetection
    {
        T[] results = CocoJsonReader.Read<T[]>(path, $"a COCO results file, a list of {{image_id, category_id, {geometry}, score}}");
        for (int i = 0; i < results.Length; i++)
        {
            T? result = results[i];
            if (result is { ImageId: not null, CategoryId: not null, Score: not null, IsComplete: true, Bbox: null or { Length: 4 } })
                continue;
            string subject = $"detection {i}";
            CocoJsonReader.Require(path, subject, ("image_id", result?.ImageId), ("category_id", result?.CategoryId));
            result!.RequireGeometry(path, subject);
            CocoJsonReader.Require(path, subject, ("score", result.Score));
            CocoJsonReader.RequireBox(path, subject, result.Bbox!);
        }
        return results;
    }
}

/// <summary>A result with its mask.</summary>
internal sealed record CocoMaskDetection : CocoDetection
{
    [JsonPropertyName("segmentation")]
    public CocoSegment? Segmentation { get; init; }

    internal override bool IsComplete => Segmentation is not null;

    internal override void RequireGeometry(string path, string subject) =>
        CocoJsonReader.Require(path, subject, ("segmentation", Segmentation));
}

/// <summary>A result with its keypoints.</summary>
internal sealed record CocoKeypointDetection : CocoDetection
{
    /// <summary>x, y and score of each keypoint.</summary>
    [JsonPropertyName("keypoints")]
    public double[]? Keypoints { get; init; }

    internal override bool IsComplete => Keypoints is not null;

    internal override void RequireGeometry(string path, string subject) => CocoJsonReader.Require(path, subject, ("keypoints", Keypoints));
}
