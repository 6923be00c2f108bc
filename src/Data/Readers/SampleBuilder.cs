namespace Vision.Data;

/// <summary>The steps that all readers share for an image and its boxes: check them against the file, correct what can be corrected, and
/// report the rest.</summary>
internal sealed class SampleBuilder(DatasetReport report, IReadOnlyList<Category> categories)
{
    // Rounding in annotation tools lets boxes extend beyond the image by a fraction of a pixel; reporting that would hide real mistakes.
    private const float Rounding = 1;

    private readonly Dictionary<string, int> labels = categories
        .Select((category, index) => (category.Name, Label: index + 1))
        .DistinctBy(entry => entry.Name)
        .ToDictionary(entry => entry.Name, entry => entry.Label, StringComparer.Ordinal);

    /// <summary>The label of a class, 1..C; null if it is unknown, which is reported.</summary>
    public int? LabelOf(string name, string file, string item)
    {
        if (labels.TryGetValue(name, out int label)) return label;
        report.Add(new(DatasetProblemKind.UnknownClass, file, item, $"class '{name}' is not among " +
            $"{string.Join(", ", categories.Take(20).Select(category => category.Name))}{(categories.Count > 20 ? ", …" : "")}; left out"));
        return null;
    }

    /// <summary>The box clipped to its image; null if nothing of it is left, which is reported.</summary>
    public Box? Fit(Box box, int width, int height, string file, string item)
    {
        if (!(box.Width > 0 && box.Height > 0))
        {
            report.Add(new(DatasetProblemKind.DegenerateBox, file, item, $"the box {Written(box)} has no area; left out"));
            return null;
        }
        Box clipped = box.ClippedTo(width, height);
        if (!(clipped.Width > 0 && clipped.Height > 0))
        {
            report.Add(new(DatasetProblemKind.OutsideBox, file, item,
                $"the box {Written(box)} lies outside the image of {width}×{height}; left out"));
            return null;
        }
        float beyond = Math.Max(Math.Max(-box.X1, -box.Y1), Math.Max(box.X2 - width, box.Y2 - height));
        if (beyond > Rounding)
            report.Add(new(DatasetProblemKind.ClippedBox, file, item,
                $"the box {Written(box)} extends beyond the image of {width}×{height}; clipped to it"));
        return clipped;
    }

    /// <summary>The image's upright size, or the problem with it. The annotated size is null or 0 if not given.</summary>
    /// <remarks>Has no side effects, so that many images can be examined in parallel.</remarks>
    public static (int Width, int Height, DatasetProblem? Problem) Measure(string image, int? annotatedWidth, int? annotatedHeight)
    {
        if (!File.Exists(image)) return (0, 0, new(DatasetProblemKind.MissingImage, image, null, "no such image; left out"));
        try
        {
            (int width, int height) = ImageFile.ReadSize(image);
            bool differs = annotatedWidth is > 0 && annotatedHeight is > 0 && (annotatedWidth != width || annotatedHeight != height);
            bool isTurned = annotatedWidth == height && annotatedHeight == width;
            return (width, height, !differs ? null : new(
                DatasetProblemKind.SizeMismatch, image, null,
                $"annotated as {annotatedWidth}×{annotatedHeight}, but the image is {width}×{height}" +
                    (isTurned ? " (its EXIF orientation turns it)" : "") + "; left out; annotate it again at its own size"));
        }
        catch (InputException exception)
        {
            return (0, 0, DatasetProblem.Unreadable(image, exception));
        }
    }

    private static string Written(Box box) => $"({box.X1}, {box.Y1}, {box.X2}, {box.Y2})";
}
