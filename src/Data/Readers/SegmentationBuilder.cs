namespace Vision.Data;

/// <summary>The steps that all readers of masks share: map pixels to the classes of the data set or of a model, check the files, and report
/// unusable ones.</summary>
internal sealed class SegmentationBuilder
{
    // The value 255 in a map is not a class.
    private const int MostClasses = SegmentationMap.Ignore;

    private readonly string name;
    private readonly ClassLabels labels;
    private readonly IReadOnlyList<Category> categories;
    private readonly IReadOnlyList<(byte, byte, byte)>? colors;
    private readonly List<(string Image, string Mask, MaskValues Values)> pairs = [];

    /// <summary>Compares the classes.</summary>
    /// <param name="name">The data set's name.</param>
    /// <param name="own">Its classes.</param>
    /// <param name="colors">Their colors, if it defines any.</param>
    /// <param name="model">The classes of a model to map to, if any.</param>
    /// <exception cref="InputException">There are too many classes, or the model knows none of them.</exception>
    public SegmentationBuilder(string name, IReadOnlyList<Category> own, IReadOnlyList<(byte, byte, byte)>? colors,
        IReadOnlyList<Category>? model)
    {
        this.name = name;
        labels = new([.. own.Select(category => category.Name)], model, name);
        categories = model ?? own;
        if (categories.Count > MostClasses)
            throw new InputException($"{name}: there are {categories.Count} classes, but a map can hold only {MostClasses}; merge some.");
        for (int i = 0; i < own.Count; i++)
            if (labels.Of(i) is null)
                Report.Add(new(DatasetProblemKind.UnknownClass, name, null,
                    $"class '{own[i].Name}' is not among the model's; its pixels are ignored"));
        this.colors = colors is null ? null : InOrder(colors);
    }

    /// <summary>The problems found.</summary>
    public DatasetReport Report { get; } = new();

    /// <summary>The value in maps for the data set's class at that index;
    /// <see cref="SegmentationMap.Ignore"/> if the model does not know it.</summary>
    public byte ClassOf(int own) => (byte)(labels.Of(own) ?? SegmentationMap.Ignore);

    /// <summary>The meaning of the numbers and colors of a table.</summary>
    public MaskValues ValuesOf(ClassTable table)
    {
        Dictionary<byte, byte> numbers = [];
        Dictionary<(byte, byte, byte), byte> ofColors = [];
        int place = 0;
        foreach (ClassTable.Entry entry in table.Entries)
        {
            byte meaning = entry.IsIgnored ? SegmentationMap.Ignore : ClassOf(place++);
            numbers[entry.Number] = meaning;
            if (entry.Color is { } color) ofColors[color] = meaning;
        }
        return new(numbers, ofColors);
    }

    /// <summary>Adds an image and its mask; both may be missing.</summary>
    public void Add(string image, string mask, MaskValues values) => pairs.Add((image, mask, values));

    /// <summary>Checks the headers of all files, and keeps the usable pairs.</summary>
    /// <exception cref="InputException">No pair is usable.</exception>
    public SegmentationDataset Build(string folder, string split)
    {
        var problems = new DatasetProblem?[pairs.Count];
        Parallel.For(0, pairs.Count, i => problems[i] = ProblemOf(pairs[i].Image, pairs[i].Mask));
        List<SegmentationSample> samples = new(pairs.Count);
        for (int i = 0; i < pairs.Count; i++)
        {
            if (problems[i] is { } problem) Report.Add(problem);
            else samples.Add(new() { File = pairs[i].Image, MaskFile = pairs[i].Mask, Values = pairs[i].Values });
        }
        if (samples.Count == 0)
            throw new InputException(
                $"{folder}: none of the {pairs.Count} images of split '{split}' can be used: " +
                $"{(pairs.Count == 0 ? "it has none" : Report.Summary)}.");
        return new() { Name = name, Categories = categories, Samples = samples, Colors = colors, Report = Report };
    }

    private static DatasetProblem? ProblemOf(string image, string mask)
    {
        (int width, int height, DatasetProblem? problem) = SampleBuilder.Measure(image, null, null);
        if (problem is not null) return problem;
        if (!File.Exists(mask)) return new(DatasetProblemKind.MissingAnnotations, image, null, $"there is no mask {mask}; left out");
        try
        {
            (int w, int h) = MaskPixels.ReadSize(mask);
            return (w, h) == (width, height) ? null : new(DatasetProblemKind.SizeMismatch, image, null,
                $"the image is {width}×{height}, but its mask {mask} is " +
                    $"{w}×{h}{((w, h) == (height, width) ? " (its EXIF orientation turns it)" : "")}; left out, " +
                    "draw the mask at the image's size");
        }
        catch (InputException exception)
        {
            return new(DatasetProblemKind.UnreadableAnnotations, image, null, exception.Message);
        }
    }

    /// <summary>The colors in the order of the model's classes; null if the model has other classes.</summary>
    private IReadOnlyList<(byte, byte, byte)>? InOrder(IReadOnlyList<(byte, byte, byte)> own)
    {
        Dictionary<int, (byte, byte, byte)> byClass = [];
        for (int i = 0; i < own.Count; i++)
            if (labels.Of(i) is { } label) byClass[label] = own[i];
        return byClass.Count == categories.Count ? [.. byClass.OrderBy(entry => entry.Key).Select(entry => entry.Value)] : null;
    }
}
