using System.Globalization;

namespace Vision.Data;

/// <summary>Reads YOLO's text files: one line per object, with its class and, as fractions of the image's width and height, the center and
/// size of its box or the points of its polygon.</summary>
/// <remarks>
/// The classes keep their numbers as ids, in ascending order. An object with a polygon gets the box around it. An image without a label
/// file has no objects, unless the YAML file says <c>skip_if_label_file_missing</c>.
/// Unusable data is left out and listed in the data set's report.
/// </remarks>
public static class YoloReader
{
    /// <summary>Reads one split.</summary>
    /// <param name="folder">The folder with <c>data.yaml</c> or <c>config.yaml</c>; or with
    /// <c>classes.txt</c>, <c>images</c> and <c>labels</c>.</param>
    /// <param name="split">Its name, such as <c>train</c>; by default the only split, or the training split.</param>
    /// <param name="categories">The classes of an existing model, to which classes are matched by name;
    /// objects of other classes are left out.</param>
    /// <exception cref="InputException">There is no such folder or split, or it has no usable image.</exception>
    public static DetectionDataset Read(string folder, string? split = null, IReadOnlyList<Category>? categories = null)
    {
        if (!Directory.Exists(folder)) throw new InputException($"{folder}: no such folder; check the path.");
        YoloLayout layout = YoloLayout.Find(folder)
            ?? throw new InputException($"{folder}: no annotations found; looked for {YoloLayout.LookedFor}.");
        string name = SplitName.Choose(split, [.. layout.Splits.Keys], folder);
        (string Image, string? Labels)[] files =
            [.. layout.Splits[name].Files().Select(file => (file.Image, file.Labels.FirstOrDefault(File.Exists)))
                .Where(file => file.Item2 is not null || !layout.SkipsUnlabeled)];
        if (files.Length > 0 && files.All(file => file.Labels is null))
            throw new InputException(
                $"{folder}: none of the {files.Length} images of split '{name}' has a label file; expected files such as " +
                $"{layout.Splits[name].Files()[0].Labels[0]}.");

        DatasetReport report = new();
        categories ??= [.. layout.Classes.Select(entry => new Category(entry.Key, entry.Value))];
        SampleBuilder builder = new(report, categories);
        var read = new (int Width, int Height, DatasetProblem? Problem, string[] Lines)[files.Length];
        Parallel.For(0, files.Length, i =>
        {
            (int width, int height, DatasetProblem? problem) = SampleBuilder.Measure(files[i].Image, null, null);
            (string[] lines, DatasetProblem? unreadable) = ReadLines(files[i].Labels);
            read[i] = (width, height, problem ?? unreadable, lines);
        });

        long id = 0;
        List<Targets> samples = new(files.Length);
        for (int i = 0; i < files.Length; i++)
        {
            if (read[i].Problem is { } problem)
            {
                report.Add(problem);
                continue;
            }
            List<Annotation> objects = [];
            for (int line = 0; line < read[i].Lines.Length; line++)
            {
                string[] words = read[i].Lines[line].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                if (words.Length > 0 && Convert(words, files[i].Labels!, $"line {line + 1}", read[i].Width, read[i].Height) is { } item)
                    objects.Add(item);
            }
            samples.Add(new() { ImageId = i + 1, File = files[i].Image, Width = read[i].Width, Height = read[i].Height,
                Objects = objects });
        }
        if (samples.Count == 0)
            throw new InputException(
                $"{folder}: none of the {files.Length} images of split '{name}' can be used: " +
                $"{(files.Length == 0 ? "it has none" : report.Summary)}.");
        return new() { Name = DetectionReader.NameOf(folder, name), Categories = categories, Samples = samples, Report = report };

        Annotation? Convert(string[] words, string file, string called, int width, int height)
        {
            if (Numbers(words) is not { } numbers || !(numbers.Length == 5 || numbers.Length >= 7 && numbers.Length % 2 == 1))
            {
                report.Add(new(DatasetProblemKind.MissingField, file, called,
                    $"'{Shortened(words)}' is neither a class with the 4 numbers of a box nor one with the points of a polygon; left out"));
                return null;
            }
            if (numbers[0] != Math.Floor(numbers[0]) || !layout.Classes.TryGetValue((int)numbers[0], out string? className))
            {
                report.Add(new(DatasetProblemKind.UnknownClass, file, called, $"class {words[0]} has no name in the data set " +
                    $"({layout.Classes.Keys.First()} to {layout.Classes.Keys.Last()} have); left out"));
                return null;
            }
            if (numbers.Skip(1).Any(value => value is < -1 or > 2))
            {
                report.Add(new(DatasetProblemKind.OutsideBox, file, called,
                    $"'{Shortened(words)}' is not in fractions of the image's width and height, from 0 to 1; left out"));
                return null;
            }
            if (builder.LabelOf(className, file, called) is not { } label) return null;
            Segment? segment = numbers.Length == 5
                ? null : new() { Polygons = [[.. numbers.Skip(1).Select((value, i) => (float)(value * (i % 2 == 0 ? width : height)))]] };
            Box whole = segment is not null ? SegmentTransform.Bounds(segment)!.Value : new(
                (float)((numbers[1] - numbers[3] / 2) * width), (float)((numbers[2] - numbers[4] / 2) * height),
                (float)((numbers[1] + numbers[3] / 2) * width), (float)((numbers[2] + numbers[4] / 2) * height));
            if (builder.Fit(whole, width, height, file, called) is not { } box) return null;
            return new() { Id = ++id, Box = box, Label = label, Area = segment is null ? box.Area : PolygonClip.Area(segment.Polygons[0]),
                Segment = segment };
        }
    }

    private static (string[] Lines, DatasetProblem? Problem) ReadLines(string? file)
    {
        if (file is null) return ([], null);
        try
        {
            return (File.ReadAllLines(file), null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ([], new(DatasetProblemKind.UnreadableAnnotations, file, null,
                $"{exception.Message.TrimEnd('.')}; its image is left out"));
        }
    }

    private static double[]? Numbers(string[] words)
    {
        double[] numbers = new double[words.Length];
        for (int i = 0; i < words.Length; i++)
            if (!double.TryParse(words[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i])
                || !double.IsFinite(numbers[i])) return null;
        return numbers;
    }

    private static string Shortened(string[] words) => string.Join(' ', words.Take(6)) + (words.Length > 6 ? " …" : "");
}
