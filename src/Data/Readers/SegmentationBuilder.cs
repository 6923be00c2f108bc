namespace Vision.Data;

/// <summary>What every reader of masks does: give pixels the classes of the data set or of a model,
/// look at the files, and report what cannot be used.</summary>
internal sealed class SegmentationBuilder
{
    // 255 of a map's byte is no class.
    private const int MostClasses = SegmentationMap.Ignore;

    private readonly string name;
    private readonly ClassLabels labels;
    private readonly IReadOnlyList<Category> categories;
    private readonly IReadOnlyList<(byte, byte, byte)>? colors;
    private readonly List<(string Image, string Mask, MaskValues Values)> pairs = [];

    /// <summary>Compares the classes.</summary>
    /// <param name="name">The data set's name.</param>
    /// <param name="own">Its classes.</param>
    /// <param name="colors">Their colors, if it says any.</param>
    /// <param name="model">A model's classes, where they decide.</param>
    /// <exception cref="InputException">There are too many classes, or none is the model's.</exception>
    public SegmentationBuilder(string name, IReadOnlyList<Category> own, IReadOnlyList<(byte, byte, byte)>? colors,
        IReadOnlyList<Category>? model)
    {
        this.name = name;
        labels = new([.. own.Select(category => category.Name)], model, name);
        categories = model ?? own;
        if (categories.Count > MostClasses)
            throw new InputException($"{name}: there are {categories.Count} classes, and a map holds {MostClasses}; join some.");
        for (int i = 0; i < own.Count; i++)
            if (labels.Of(i) is null)
                Report.Add(new(DatasetProblemKind.UnknownClass, name, null,
                    $"class '{own[i].Name}' is not among the model's; its pixels are ignored"));
        this.colors = colors is null ? null : InOrder(colors);
    }

    /// <summary>What was wrong.</summary>
    public DatasetReport Report { get; } = new();

    /// <summary>The class in maps of the data set's class at that place;
    /// <see cref="SegmentationMap.Ignore"/> where a model does not know it.</summary>
    public byte ClassOf(int own) => (byte)(labels.Of(own) ?? SegmentationMap.Ignore);

    /// <summary>What the numbers and colors of a table mean.</summary>
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

    /// <summary>Looks at the heads of all files, and keeps the pairs that can be used.</summary>
    /// <exception cref="InputException">None can.</exception>
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
                $"the image is {width}×{height}, and its mask {mask} is " +
                    $"{w}×{h}{((w, h) == (height, width) ? " (its EXIF orientation turns it)" : "")}; left out, draw the mask at the " +
                    "image's size");
        }
        catch (InputException exception)
        {
            return new(DatasetProblemKind.UnreadableAnnotations, image, null, exception.Message);
        }
    }

    /// <summary>The colors in the order of the model's classes; null where it has others.</summary>
    private IReadOnlyList<(byte, byte, byte)>? InOrder(IReadOnlyList<(byte, byte, byte)> own)
    {
        Dictionary<int, (byte, byte, byte)> byClass = [];
        for (int i = 0; i < own.Count; i++)
            if (labels.Of(i) is { } label) byClass[label] = own[i];
        return byClass.Count == categories.Count ? [.. byClass.OrderBy(entry => entry.Key).Select(entry => entry.Value)] : null;
    }
}
