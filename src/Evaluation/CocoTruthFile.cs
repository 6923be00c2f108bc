using System.Text.Json.Serialization;
using Vision.Data;

namespace Vision.Evaluation;

/// <summary>What evaluation needs of a COCO annotation file. After <see cref="Read"/> nothing that is needed is null.</summary>
/// <typeparam name="T">What is read of an annotation: of boxes, no masks.</typeparam>
internal sealed record CocoTruthFile<T>(
    [property: JsonPropertyName("images")] CocoImage[]? Images,
    [property: JsonPropertyName("annotations")] T[]? Annotations,
    [property: JsonPropertyName("categories")] CocoCategory[]? Categories) where T : CocoTruth
{
    /// <summary>Reads and checks a file.</summary>
    public static CocoTruthFile<T> Read(string path)
    {
        CocoTruthFile<T> file = CocoJson.Read<CocoTruthFile<T>>(path,
            "a COCO annotation file, an object with images, annotations and categories");
        if (file is not { Images: { } images, Annotations: { } annotations, Categories: { } categories })
            throw new InputException($"{path} is not a COCO annotation file: it needs 'images', 'annotations' and 'categories'.");

        foreach (var (place, image) in images.Index()) CocoJson.Require(path, $"images[{place}]", ("id", image?.Id));
        foreach (var (place, category) in categories.Index())
            CocoJson.Require(path, $"categories[{place}]", ("id", category?.Id), ("name", category?.Name));
        for (int place = 0; place < annotations.Length; place++)
        {
            T? truth = annotations[place];
            if (truth is { ImageId: not null, CategoryId: not null, Area: not null, IsComplete: true, Bbox: null or { Length: 4 } })
                continue;
            string subject = truth?.Id is { } id ? $"annotation {id}" : $"annotations[{place}]";
            CocoJson.Require(path, subject, ("image_id", truth?.ImageId), ("category_id", truth?.CategoryId));
            truth!.RequireGeometry(path, subject);
            CocoJson.Require(path, subject, ("area", truth.Area));
            CocoJson.RequireBox(path, subject, truth.Bbox!);
        }
        return file;
    }
}

/// <summary>An entry of <c>images</c>.</summary>
internal sealed record CocoImage(
    [property: JsonPropertyName("id")] long? Id,
    [property: JsonPropertyName("width")] int? Width,
    [property: JsonPropertyName("height")] int? Height,
    [property: JsonPropertyName("file_name")] string? FileName = null);

/// <summary>The images of a COCO annotation file, whatever else is in it.</summary>
internal sealed record CocoImageList([property: JsonPropertyName("images")] CocoImage[]? Images);

/// <summary>An entry of <c>categories</c>.</summary>
internal sealed record CocoCategory(
    [property: JsonPropertyName("id")] int? Id,
    [property: JsonPropertyName("name")] string? Name);
