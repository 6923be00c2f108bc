using System.Text.Json;

namespace Vision.Data;

/// <summary>
/// Reads COCO's panoptic annotations (Kirillov et al. 2018, arXiv:1801.00868) as classes of pixels: a json file names the class of each
/// segment, and the color of a pixel in the mask is its segment's id, R + 256·G + 65536·B. Crowds count as their class; black is ignored.
/// </summary>
internal static class PanopticReader
{
    /// <summary>What <see cref="Splits"/> looks for, for messages.</summary>
    public const string LookedFor = "COCO (annotations/panoptic_train.json with the folder of masks next to it)";

    /// <summary>The prefix of its json files.</summary>
    public const string Prefix = "panoptic_";

    /// <summary>The names of the json files without their prefix.</summary>
    public static IEnumerable<string> Splits(string folder) => Files(folder).Keys;

    /// <summary>Reads a split.</summary>
    /// <exception cref="InputException">There is no such split, its json file cannot be parsed, or no image is usable.</exception>
    public static SegmentationDataset Read(string folder, string? split, IReadOnlyList<Category>? categories)
    {
        SortedDictionary<string, string> files = Files(folder);
        if (files.Count == 0) throw new InputException($"{folder}: no masks found; looked for {LookedFor}.");
        string chosen = SplitName.Choose(split, [.. files.Keys], folder);
        string jsonFile = files[chosen], masks = Path.ChangeExtension(jsonFile, null);
        CocoJson coco = CocoReader.Parse(jsonFile);
        if (!Directory.Exists(masks))
            throw new InputException($"{jsonFile}: its masks belong into the folder {masks}, which does not exist; unpack them there.");
        string above = Path.GetFullPath(Path.Combine(folder, ".."));
        string images = CocoLayout.ImageFolder(
            folder, chosen, jsonFile, coco, Path.Combine(above, "images", chosen), Path.Combine(above, chosen));

        CocoJson.Class[] classes = [.. coco.Categories!.Where(category => category is { Id: not null, Name: not null })
            .OrderBy(category => category.Id)];
        (byte, byte, byte)?[] colors = [.. classes.Select(category => ColorOf(category.Color))];
        SegmentationBuilder builder = new(
            DetectionReader.NameOf(folder, chosen), [.. classes.Select(category => new Category(category.Id!.Value, category.Name!))],
            colors.All(color => color is not null) ? [.. colors.Select(color => color!.Value)] : null, categories);
        Dictionary<int, byte> classOf = [];
        for (int i = 0; i < classes.Length; i++) classOf[classes[i].Id!.Value] = builder.ClassOf(i);

        Dictionary<long, string?> names = coco.Images!.Where(image => image.Id is not null)
            .DistinctBy(image => image.Id).ToDictionary(image => image.Id!.Value, image => image.FileName);
        foreach (CocoJson.Item item in coco.Annotations!)
        {
            if (item.ImageId is not { } id || names.GetValueOrDefault(id) is not { } name)
                builder.Report.Add(new(DatasetProblemKind.UnknownImage, jsonFile,
                    $"annotation of image {item.ImageId?.ToString() ?? "without id"}",
                    "no such image is listed with a file name; left out"));
            else
                builder.Add(Path.Combine(images, name), Path.Combine(masks, item.FileName ?? Path.ChangeExtension(name, ".png")),
                    ValuesOf(item, classOf, jsonFile, builder.Report));
        }
        return builder.Build(folder, chosen);
    }

    private static MaskValues ValuesOf(CocoJson.Item item, Dictionary<int, byte> classOf, string jsonFile, DatasetReport report)
    {
        Dictionary<(byte, byte, byte), byte> colors = new() { [default] = SegmentationMap.Ignore };
        foreach (CocoJson.PanopticSegment segment in item.SegmentsInfo ?? [])
        {
            if (segment.Id is not { } id) continue;
            if (segment.CategoryId is not { } category || !classOf.TryGetValue(category, out byte meaning))
            {
                report.Add(new(DatasetProblemKind.UnknownClass, jsonFile, $"segment {id} of image {item.ImageId}",
                    $"category_id {segment.CategoryId?.ToString() ?? "is missing, which"} is not among the file's categories; " +
                    "its pixels are ignored"));
                meaning = SegmentationMap.Ignore;
            }
            colors[((byte)id, (byte)(id >> 8), (byte)(id >> 16))] = meaning;
        }
        return new(new Dictionary<byte, byte>(), colors);
    }

    private static (byte, byte, byte)? ColorOf(JsonElement? written)
    {
        if (written is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() != 3) return null;
        byte[] channels = new byte[3];
        for (int i = 0; i < channels.Length; i++)
            if (list[i].ValueKind != JsonValueKind.Number || !list[i].TryGetByte(out channels[i])) return null;
        return (channels[0], channels[1], channels[2]);
    }

    private static SortedDictionary<string, string> Files(string folder)
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string place in new[] { folder, Path.Combine(folder, "annotations") }.Where(Directory.Exists))
            foreach (string file in Directory.EnumerateFiles(place, Prefix + "*.json"))
                files.TryAdd(Path.GetFileNameWithoutExtension(file)[Prefix.Length..], file);
        return files;
    }
}
