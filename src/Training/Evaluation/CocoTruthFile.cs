using System.Text.Json.Serialization;
using Vision.Data;

namespace Vision.Training.Evaluation;

/// <summary>What evaluation needs of a COCO annotation file. After <see cref="Read"/> nothing in it is null.</summary>
internal sealed record CocoTruthFile(
    [property: JsonPropertyName("images")] CocoImage[]? Images,
    [property: JsonPropertyName("annotations")] CocoTruth[]? Annotations,
    [property: JsonPropertyName("categories")] CocoCategory[]? Categories)
{
    /// <summary>Reads and checks a file.</summary>
    public static CocoTruthFile Read(string path)
    {
        CocoTruthFile file = CocoJson.Read<CocoTruthFile>(path, "a COCO annotation file, an object with images, annotations and categories");
        if (file is not { Images: { } images, Annotations: { } annotations, Categories: { } categories })
            throw new InputException($"{path} is not a COCO annotation file: it needs 'images', 'annotations' and 'categories'.");

        foreach (var (place, image) in images.Index()) CocoJson.Require(path, $"images[{place}]", ("id", image?.Id));
        foreach (var (place, category) in categories.Index())
            CocoJson.Require(path, $"categories[{place}]", ("id", category?.Id), ("name", category?.Name));
        foreach (var (place, truth) in annotations.Index())
        {
            if (truth is { ImageId: not null, CategoryId: not null, Area: not null, Bbox.Length: 4 }) continue;
            string subject = truth?.Id is { } id ? $"annotation {id}" : $"annotations[{place}]";
            CocoJson.Require(path, subject, ("image_id", truth?.ImageId), ("category_id", truth?.CategoryId), ("bbox", truth?.Bbox), ("area", truth?.Area));
            CocoJson.RequireBox(path, subject, truth!.Bbox!);
        }
        return file;
    }
}

/// <summary>An entry of <c>images</c>.</summary>
internal sealed record CocoImage([property: JsonPropertyName("id")] long? Id);

/// <summary>An entry of <c>categories</c>.</summary>
internal sealed record CocoCategory(
    [property: JsonPropertyName("id")] int? Id,
    [property: JsonPropertyName("name")] string? Name);

/// <summary>An entry of <c>annotations</c>.</summary>
internal sealed record CocoTruth(
    [property: JsonPropertyName("id")] long? Id,
    [property: JsonPropertyName("image_id")] long? ImageId,
    [property: JsonPropertyName("category_id")] int? CategoryId,
    [property: JsonPropertyName("bbox")] double[]? Bbox,
    [property: JsonPropertyName("area")] double? Area,
    [property: JsonPropertyName("iscrowd")] int IsCrowd = 0);
