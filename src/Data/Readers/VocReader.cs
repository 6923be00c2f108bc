using System.Xml;

namespace Vision.Data;

/// <summary>Reads Pascal VOC's XML annotations of boxes, and its instance masks (<c>SegmentationObject</c>) if there are any.</summary>
/// <remarks>
/// <para>Corners are used as written, x1 = xmin … y2 = ymax, as annotation tools and torchvision's users do. VOC's own files count pixels
/// from 1 and include the last one; read this way, boxes are at most one pixel off,
/// and predictions are comparable with the user's files.</para>
/// <para>Objects marked difficult become crowds: not trained on, and neither a hit nor a miss in evaluation. An image whose XML holds no
/// object is kept as an image without objects. Unusable data is left out and listed in the data set's report.</para>
/// </remarks>
public static class VocReader
{
    /// <summary>Reads one split.</summary>
    /// <param name="folder">The folder with <c>Annotations</c>, <c>JPEGImages</c> and <c>ImageSets/Main</c>; or a folder with XML files
    /// next to their images; or a folder with one such folder per split.</param>
    /// <param name="split">Its name, such as <c>train</c>; by default the only split, or the training split. A folder without lists has a
    /// single split, <c>all</c>.</param>
    /// <param name="categories">The classes of an existing model, to which classes are matched by name; objects of other classes are left
    /// out. By default the classes that occur in any split, sorted by name, so that all splits agree on labels; their ids are 1..C.</param>
    /// <exception cref="InputException">There is no such folder or split, or it has no usable image.</exception>
    public static DetectionDataset Read(string folder, string? split = null, IReadOnlyList<Category>? categories = null)
    {
        if (!Directory.Exists(folder)) throw new InputException($"{folder}: no such folder; check the path.");
        VocLayout layout = VocLayout.Find(folder)
            ?? throw new InputException($"{folder}: no annotations found; looked for {VocLayout.LookedFor}.");
        string name = SplitName.Choose(split, [.. layout.Splits.Keys], folder);
        VocLayout.Part part = layout.Splits[name];
        IReadOnlyList<string> files = part.Files();

        Dictionary<string, Parsed> parsed = ParseAll(categories is null
            ? files.Union(layout.Splits.Values.Select(other => other.AnnotationFolder).Distinct().SelectMany(Xml))
            : files);
        categories ??= Classes(parsed.Values, folder);
        DatasetReport report = new();
        List<Targets> samples = Samples(files, parsed, part, new SampleBuilder(report, categories), report);
        if (samples.Count == 0)
            throw new InputException(
                $"{folder}: none of the {files.Count} images of split '{name}' can be used: " +
                $"{(files.Count == 0 ? "it lists none" : report.Summary)}.");
        return new() { Name = DetectionReader.NameOf(folder, name), Categories = categories, Samples = samples, Report = report };
    }

    private sealed record Parsed(VocAnnotation? Annotation, DatasetProblem? Problem);

    private static Dictionary<string, Parsed> ParseAll(IEnumerable<string> files) =>
        files.Distinct().AsParallel().Select(file => (file, Parsed: Parse(file))).ToDictionary(entry => entry.file, entry => entry.Parsed);

    private static Parsed Parse(string file)
    {
        if (!File.Exists(file))
            return new(null, new(DatasetProblemKind.MissingAnnotations, file, null, "no such annotation file; its image is left out"));
        try
        {
            return new(VocAnnotation.Read(file), null);
        }
        catch (Exception exception) when (exception is XmlException or IOException or UnauthorizedAccessException)
        {
            return new(null, new(DatasetProblemKind.UnreadableAnnotations, file, null,
                $"not VOC XML ({exception.Message.TrimEnd('.')}); its image is left out"));
        }
    }

    private static Category[] Classes(IEnumerable<Parsed> files, string folder)
    {
        string[] names = [.. files.SelectMany(file => file.Annotation?.Objects ?? [])
            .Select(item => item.Name).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        return names.Length > 0
            ? [.. names.Select((name, index) => new Category(index + 1, name))]
            : throw new InputException($"{folder}: no annotation names an object's class; there is nothing to train on.");
    }

    private static List<Targets> Samples(IReadOnlyList<string> files, Dictionary<string, Parsed> parsed, VocLayout.Part part,
        SampleBuilder builder, DatasetReport report)
    {
        var measured = new (string File, int Width, int Height, DatasetProblem? Problem)[files.Count];
        var masks = new (Segment?[] Segments, DatasetProblem? Problem)[files.Count];
        Parallel.For(0, files.Count, i =>
        {
            if (parsed[files[i]].Annotation is not { } annotation) return;
            string image = ImageOf(files[i], annotation, part);
            (int width, int height, DatasetProblem? problem) = SampleBuilder.Measure(image, annotation.Width, annotation.Height);
            measured[i] = (image, width, height, problem);
            masks[i] = problem is null && VocMasks.FileOf(files[i]) is { } mask
                ? VocMasks.Read(mask, annotation.Objects.Count, width, height) : ([], null);
        });

        long annotationId = 0;
        List<Targets> samples = new(files.Count);
        for (int i = 0; i < files.Count; i++)
        {
            (VocAnnotation? annotation, DatasetProblem? problem) = parsed[files[i]];
            problem ??= measured[i].Problem;
            if (problem is not null)
            {
                report.Add(problem);
                continue;
            }
            (string image, int width, int height, _) = measured[i];
            if (masks[i].Problem is { } unusable) report.Add(unusable);
            List<Annotation> objects = [];
            for (int j = 0; j < annotation!.Objects.Count; j++)
            {
                if (Convert(annotation.Objects[j], masks[i].Segments.ElementAtOrDefault(j), files[i], $"object {j + 1}", width, height)
                    is { } item) objects.Add(item);
            }
            samples.Add(new() { ImageId = i + 1, File = image, Width = width, Height = height, Objects = objects });
        }
        return samples;

        Annotation? Convert(VocAnnotation.Item item, Segment? segment, string file, string called, int width, int height)
        {
            if (item.Fault is not null)
            {
                report.Add(new(DatasetProblemKind.MissingField, file, called, $"{item.Fault}; left out"));
                return null;
            }
            if (builder.LabelOf(item.Name!, file, called) is not { } label) return null;
            if (builder.Fit(item.Box!.Value, width, height, file, called) is not { } box) return null;
            return new()
            {
                Id = ++annotationId, Box = box, Label = label, IsCrowd = item.Difficult,
                Area = segment?.Runs?.Area ?? box.Area, Segment = segment,
            };
        }
    }

    // Tools often write outdated file names, while users keep the name of the XML file correct.
    private static string ImageOf(string file, VocAnnotation annotation, VocLayout.Part part)
    {
        string stem = Path.ChangeExtension(Path.GetRelativePath(part.AnnotationFolder, file), null);
        IEnumerable<string> names = VocLayout.ImageNames(stem);
        if (!string.IsNullOrEmpty(annotation.ImageName)) names = names.Append(Path.GetFileName(annotation.ImageName));
        return part.ImageFolders.SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? Path.Combine(part.ImageFolders[0], annotation.ImageName is { Length: > 0 } named ? Path.GetFileName(named) : stem + ".jpg");
    }

    private static IEnumerable<string> Xml(string folder) => Directory.EnumerateFiles(folder, "*.xml");
}
