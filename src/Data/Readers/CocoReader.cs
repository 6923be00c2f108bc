using System.Text.Json;

namespace Vision.Data;

/// <summary>Reads COCO's json annotations: boxes, segments (polygons, RLE, compressed RLE) and keypoints.</summary>
/// <remarks>
/// The classes keep the file's ids and are put in the order of those ids, so that a training and a validation file agree on labels. Crowds
/// are kept as crowds, and images without annotations as images without objects.
/// Unusable data is left out and listed in the data set's report.
/// </remarks>
public static class CocoReader
{
    /// <summary>Reads one split.</summary>
    /// <param name="jsonFile">The file, such as <c>instances_train2017.json</c>.</param>
    /// <param name="imageFolder">The folder that its file names are relative to.</param>
    /// <param name="categories">The classes of an existing model, to which classes are matched by name; objects of other classes are left
    /// out. By default the file's own classes.</param>
    /// <param name="name">The data set's name in messages; by default the json file's name.</param>
    /// <exception cref="InputException">The file is missing or is not COCO json, or none of its images is usable.</exception>
    public static DetectionDataset Read(string jsonFile, string imageFolder, IReadOnlyList<Category>? categories = null,
        string? name = null) =>
        Build(Parse(jsonFile), jsonFile, imageFolder, categories, name ?? Path.GetFileName(jsonFile));

    internal static CocoJson Parse(string jsonFile)
    {
        CocoJson? coco;
        try
        {
            using FileStream stream =
                new(jsonFile, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);
            coco = JsonSerializer.Deserialize(stream, CocoJsonContext.Default.CocoJson);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{jsonFile}: no such file; check the path.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{jsonFile}: cannot be read ({exception.Message}); check the file and its permissions.", exception);
        }
        catch (JsonException exception)
        {
            throw new InputException(
                $"{jsonFile}: not COCO json, at {exception.Path ?? "$"} in line {exception.LineNumber + 1}; is the file truncated, or in " +
                "another format?", exception);
        }
        (string, bool)[] parts =
        [
            ("images", coco?.Images is not null),
            ("annotations", coco?.Annotations is not null),
            ("categories", coco?.Categories is not null),
        ];
        foreach (var (part, present) in parts)
        {
            if (!present)
                throw new InputException(
                    $"{jsonFile}: not COCO's instances json: it has no list of {part}; expected images, annotations and categories.");
        }
        return coco!;
    }

    internal static DetectionDataset Build(CocoJson coco, string jsonFile, string imageFolder, IReadOnlyList<Category>? given, string name)
    {
        Category[] own = Categories(coco, jsonFile);
        IReadOnlyList<Category> categories = given ?? own;
        DatasetReport report = new();
        SampleBuilder builder = new(report, categories);
        Dictionary<int, Category> classes = own.ToDictionary(category => category.Id);

        var images = Images(coco, jsonFile, imageFolder);
        ILookup<long, CocoJson.Item> items = ItemsByImage(coco, jsonFile, images, report);
        var sizes = new (int Width, int Height, DatasetProblem? Problem)[images.Count];
        Parallel.For(0, images.Count, i => sizes[i] = SampleBuilder.Measure(images[i].File, images[i].Image.Width, images[i].Image.Height));

        HashSet<long> ids = [];
        long nextId = coco.Annotations!.Max(item => item.Id) ?? 0;
        List<Targets> samples = new(images.Count);
        for (int i = 0; i < images.Count; i++)
        {
            (CocoJson.Image image, string file) = images[i];
            (int width, int height, DatasetProblem? problem) = sizes[i];
            if (problem is not null)
            {
                report.Add(problem);
                continue;
            }
            List<Annotation> objects = [];
            foreach (CocoJson.Item item in items[image.Id!.Value])
            {
                if (Convert(item, file, width, height) is { } annotation) objects.Add(annotation);
            }
            samples.Add(new() { ImageId = image.Id.Value, File = file, Width = width, Height = height, Objects = objects });
        }
        if (samples.Count == 0)
            throw new InputException($"{jsonFile}: none of its {images.Count} images can be used: " +
                $"{(images.Count == 0 ? "the list is empty" : report.Summary)}.");
        return new() { Name = name, Categories = categories, Samples = samples, Report = report };

        Annotation? Convert(CocoJson.Item item, string file, int width, int height)
        {
            string called = $"annotation {item.Id?.ToString() ?? "without id"}";
            if (item.Bbox is not [float x, float y, float w, float h])
            {
                report.Add(new(DatasetProblemKind.MissingField, file, called,
                    $"its bbox has {item.Bbox?.Length ?? 0} numbers, not the 4 of [x, y, width, height]; left out"));
                return null;
            }
            if (item.CategoryId is not { } categoryId || !classes.TryGetValue(categoryId, out Category? category))
            {
                report.Add(new(DatasetProblemKind.UnknownClass, file, called,
                    $"category_id {item.CategoryId?.ToString() ?? "is missing, which"} is not among the file's categories; left out"));
                return null;
            }
            if (builder.LabelOf(category.Name, file, called) is not { } label) return null;
            if (builder.Fit(new(x, y, x + w, y + h), width, height, file, called) is not { } box) return null;

            long id = item.Id ?? ++nextId;
            if (!ids.Add(id))
            {
                report.Add(new(DatasetProblemKind.RepeatedId, file, called,
                    $"another annotation has this id already; numbered {++nextId}"));
                ids.Add(id = nextId);
            }
            return new()
            {
                Id = id, Box = box, Label = label, IsCrowd = item.Iscrowd != 0, Area = item.Area ?? box.Area,
                Segment = CocoObject.Segment(item, width, height, report, file, called),
                Keypoints = CocoObject.Keypoints(item, category, report, file, called),
            };
        }
    }

    /// <summary>The images with an id and a file name, each once.</summary>
    private static List<(CocoJson.Image Image, string File)> Images(CocoJson coco, string jsonFile, string imageFolder)
    {
        HashSet<long> ids = [];
        List<(CocoJson.Image, string)> images = new(coco.Images!.Count);
        foreach (CocoJson.Image image in coco.Images)
        {
            if (image.Id is not { } id || string.IsNullOrEmpty(image.FileName))
                throw new InputException(
                    $"{jsonFile}: image {image.Id?.ToString() ?? image.FileName ?? $"number {images.Count + 1}"} lacks its " +
                    $"{(image.Id is null ? "id" : "file_name")}; every image needs both.");
            if (!ids.Add(id))
                throw new InputException($"{jsonFile}: two images have the id {id}, the second is {image.FileName}; give each its own.");
            images.Add((image, Path.Combine(imageFolder, image.FileName)));
        }
        return images;
    }

    private static ILookup<long, CocoJson.Item> ItemsByImage(CocoJson coco, string jsonFile,
        List<(CocoJson.Image Image, string File)> images, DatasetReport report)
    {
        HashSet<long> known = [.. images.Select(entry => entry.Image.Id!.Value)];
        foreach (CocoJson.Item item in coco.Annotations!)
        {
            if (item.ImageId is not { } id || !known.Contains(id))
                report.Add(new(DatasetProblemKind.UnknownImage, jsonFile, $"annotation {item.Id}",
                    $"image_id {item.ImageId?.ToString() ?? "is missing, which"} is not among the images; left out"));
        }
        return coco.Annotations.Where(item => item.ImageId is not null).ToLookup(item => item.ImageId!.Value);
    }

    private static Category[] Categories(CocoJson coco, string jsonFile)
    {
        foreach (CocoJson.Class category in coco.Categories!)
        {
            if (category.Id is null || string.IsNullOrEmpty(category.Name))
                throw new InputException(
                    $"{jsonFile}: category {category.Name ?? category.Id?.ToString()} lacks its {(category.Id is null ? "id" : "name")}; " +
                    "every category needs both.");
        }
        if (coco.Categories.Count == 0) throw new InputException($"{jsonFile}: the list of categories is empty; name the classes there.");
        Category[] categories = [.. coco.Categories.Select(category => new Category(category.Id!.Value, category.Name!)
        {
            Keypoints = category.Keypoints ?? [],
            // COCO counts keypoints from 1.
            Skeleton = [.. (category.Skeleton ?? []).Where(line => line.Length == 2).Select(line => (line[0] - 1, line[1] - 1))],
        }).OrderBy(category => category.Id)];
        for (int i = 1; i < categories.Length; i++)
        {
            if (categories[i].Id == categories[i - 1].Id)
                throw new InputException(
                    $"{jsonFile}: the categories {categories[i - 1].Name} and {categories[i].Name} both have the id {categories[i].Id}; " +
                    "give each its own.");
        }
        return categories;
    }
}
