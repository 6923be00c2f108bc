namespace Vision.Data;

/// <summary>Checks every image and every mask of a segmentation data set for problems that would stop or mislead training.</summary>
public sealed class SegmentationCheck
{
    /// <summary>A class is rare if it occurs in less than this fraction of the images.</summary>
    private const double Rare = 0.01;

    /// <summary>Masks are mostly ignored if they ignore more than this fraction of all pixels.</summary>
    private const double MostIgnored = 0.5;

    private readonly string folder;
    private readonly long[] pixels;
    private readonly int[] images;
    // The pixels of each class per split, and the splits of each file.
    private readonly Dictionary<string, long[]> bySplit;
    private readonly ILookup<string, string> splitsOf;

    private SegmentationCheck(string folder, IReadOnlyList<(string Name, SegmentationDataset Data)> splits, DatasetReport report)
    {
        (this.folder, Splits, Report) = (folder, splits, report);
        Categories = splits.Count > 0 ? splits[0].Data.Categories : [];
        Samples = SplitScan.Once(
            splits.SelectMany(split => split.Data.Samples.Select(sample => (split.Name, sample))), sample => sample.File);
        (pixels, images) = (new long[Categories.Count], new int[Categories.Count]);
        bySplit = splits.ToDictionary(split => split.Name, _ => new long[Categories.Count]);
        splitsOf = splits.SelectMany(split => split.Data.Samples.Select(sample => (split.Name, sample.File)))
            .ToLookup(entry => entry.File, entry => entry.Name);
    }

    /// <summary>The splits that can be read.</summary>
    public IReadOnlyList<(string Name, SegmentationDataset Data)> Splits { get; }

    /// <summary>The classes of the first split.</summary>
    public IReadOnlyList<Category> Categories { get; }

    /// <summary>All problems found, while reading and afterwards.</summary>
    public DatasetReport Report { get; }

    /// <summary>Each image once, with the names of its splits.</summary>
    public IReadOnlyList<(SegmentationSample Sample, string Splits)> Samples { get; }

    /// <summary>The share of each class in the data set.</summary>
    public IReadOnlyList<ClassPixels> Classes =>
        [.. Categories.Select((category, i) =>
            new ClassPixels(category, pixels[i], (double)pixels[i] / Math.Max(1, pixels.Sum()), images[i]))];

    /// <summary>Number of pixels in all readable masks.</summary>
    public long Pixels { get; private set; }

    /// <summary>How many of these pixels have no class.</summary>
    public long Ignored { get; private set; }

    /// <summary>Checks a folder.</summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="format">Its format.</param>
    /// <param name="progress">Receives (images processed, total images).</param>
    /// <param name="cancellation">Cancels the check.</param>
    /// <exception cref="InputException">There is no such folder, or no data set in it.</exception>
    public static SegmentationCheck Run(string folder, DatasetFormat format = DatasetFormat.Auto, Action<int, int>? progress = null,
        CancellationToken cancellation = default)
    {
        if (format == DatasetFormat.Auto) format = SegmentationReader.Detect(folder);
        DatasetReport report = new();
        var splits = SplitScan.Read(folder, SegmentationReader.Splits(folder, format),
            name => SegmentationReader.Read(folder, format, name), data => (data.Categories, data.Report), report);
        SegmentationCheck check = new(folder, splits, report);
        ImageScan.Run([.. check.Samples.Select(entry => (entry.Sample.File, entry.Splits))],
            check.LookAtMask, report, progress, cancellation);
        check.LookAtClasses();
        return check;
    }

    private List<DatasetProblem> LookAtMask(int index)
    {
        SegmentationSample sample = Samples[index].Sample;
        List<DatasetProblem> problems = [];
        long[] counts = new long[256];
        try
        {
            (SegmentationMap map, IReadOnlyDictionary<string, long> unknown) = sample.Decode();
            foreach (byte value in map.Classes) counts[value]++;
            if (unknown.Count > 0)
                problems.Add(new(DatasetProblemKind.UnknownValue, sample.File, null, $"{sample.Described(unknown)}; left out in training"));
        }
        catch (InputException exception)
        {
            problems.Add(DatasetProblem.Unreadable(sample.File, exception) with { Kind = DatasetProblemKind.UnreadableAnnotations });
            return problems;
        }

        int[] shown = [.. Enumerable.Range(0, Categories.Count).Where(label => counts[label] > 0)];
        if (problems.Count == 0 && (shown.Length == 0 || (shown.Length == 1 && counts[SegmentationMap.Ignore] == 0)))
            problems.Add(new(DatasetProblemKind.ConstantMask, sample.File, null, $"its mask {sample.MaskFile} " +
                (shown.Length == 0 ? "ignores every pixel, so nothing is learned" : $"has only one class, {Categories[shown[0]].Name}")));
        lock (bySplit)
        {
            foreach (int label in shown)
            {
                pixels[label] += counts[label];
                images[label]++;
                foreach (string split in splitsOf[sample.File]) bySplit[split][label] += counts[label];
            }
            Pixels += counts.Sum();
            Ignored += counts[SegmentationMap.Ignore];
        }
        return problems;
    }

    private void LookAtClasses()
    {
        for (int label = 0; label < Categories.Count; label++)
        {
            string called = $"class {Categories[label].Name}";
            if (pixels[label] == 0)
            {
                Report.Add(new(DatasetProblemKind.UnusedClass, folder, called, "has no pixels and cannot be learned"));
                continue;
            }
            foreach (var (name, counts) in bySplit.Where(split => split.Value[label] == 0 && split.Value.Sum() > 0))
                Report.Add(new(DatasetProblemKind.UnusedClass, folder, called, $"has no pixels in {name}, but does in other splits"));
            if (images[label] < Rare * Samples.Count)
                Report.Add(new(DatasetProblemKind.RareClass, folder, called,
                    $"is in {images[label]} of {Samples.Count} images; show them more often with a repeat threshold"));
        }
        if (Ignored > MostIgnored * Pixels)
            Report.Add(new(DatasetProblemKind.MostlyIgnored, folder, null,
                $"the masks ignore {100 * Ignored / Pixels}% of all pixels, from which nothing is learned"));
    }
}
