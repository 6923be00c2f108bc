using System.Text.Json.Serialization;

namespace Vision.Training.Evaluation;

/// <summary>An entry of a COCO results file. After <see cref="ReadAll"/> nothing in it is null.</summary>
internal sealed record CocoDetection(
    [property: JsonPropertyName("image_id")] long? ImageId,
    [property: JsonPropertyName("category_id")] int? CategoryId,
    [property: JsonPropertyName("bbox")] double[]? Bbox,
    [property: JsonPropertyName("score")] double? Score)
{
    /// <summary>Reads and checks a results file.</summary>
    public static CocoDetection[] ReadAll(string path)
    {
        CocoDetection[] results = CocoJson.Read<CocoDetection[]>(path, "a COCO results file, a list of {image_id, category_id, bbox, score}");
        for (int i = 0; i < results.Length; i++)
        {
            CocoDetection? result = results[i];
            if (result is { ImageId: not null, CategoryId: not null, Score: not null, Bbox.Length: 4 }) continue;
            string subject = $"detection {i}";
            CocoJson.Require(path, subject, ("image_id", result?.ImageId), ("category_id", result?.CategoryId), ("bbox", result?.Bbox), ("score", result?.Score));
            CocoJson.RequireBox(path, subject, result!.Bbox!);
        }
        return results;
    }
}
