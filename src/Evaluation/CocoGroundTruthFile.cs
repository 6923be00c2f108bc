using System.Text.Json.Serialization;

namespace Vision.Evaluation;

/// <summary>The parts of a COCO annotation file that evaluation needs. After <see cref="Read"/>, no required field is null.</summary>
/// <typeparam name="T">The type of annotation to read; for boxes, masks are not read.</typeparam>
internal sealed record CocoGroundTruthFile<T>(
    [property: JsonPropertyName("images")] CocoImage[]? Images,
    [property: JsonPropertyName("annotations")] T[]? Annotations,
    [property: JsonPropertyName("categories")] CocoCategory[]? Categories) where T : CocoGroundTruth
{
    /// <summary>Reads and checks a file.</summary>
    public static CocoGroundTruthFile<T> Read(string path)
    {
        CocoGroundTruthFile<T> file = CocoJsonReader.Read<CocoGroundTruthFile<T>>(path,
            "a COCO annotation file, an object with images, annotations and categories");
        if (file is not { Images: { } images, Annotations: { } annotations, Categories: { } categories })
            throw new InputException($"{path} is not a COCO annotation file: it needs 'images', 'annotations' and 'categories'.");

        foreach (var (place, image) in images.Index()) CocoJsonReader.Require(path, $"images[{place}]", ("id", image?.Id));
        foreach (var (place, category) in categories.Index())
            CocoJsonReader.Require(path, $"categories[{place}]", ("id", category?.Id), ("name", category?.Name));
        for (int place = 0; place < annotations.Length; place++)
        {
            T? truth = annotations[place];
            if (truth is { ImageId: not null, CategoryId: not null, Area: not null, IsComplete: true, Bbox: null or { Length: 4 } })
                continue;
            string subject = truth?.Id is { } id ? $"annotation {id}" : $"annotations[{place}]";
            CocoJsonReader.Require(path, subject, ("image_id", truth?.ImageId), ("category_id", truth?.CategoryId));
            truth!.RequireGeometry(path, subject);
            CocoJsonReader.Require(path, subject, ("area", truth.Area));
            CocoJsonReader.RequireBox(path, subject, truth.Bbox!);
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

/// <summary>The images of a COCO annotation file; everything else is ignored.</summary>
internal sealed record CocoImageList([property: JsonPropertyName("images")] CocoImage[]? Images);

/// <summary>An entry of <c>categories</c>.</summary>
internal sealed record CocoCategory(
    [property: JsonPropertyName("id")] int? Id,
    [property: JsonPropertyName("name")] string? Name);
