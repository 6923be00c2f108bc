namespace Vision.Data;

/// <summary>Looks at a whole data set, every image and every object, for what a training would stumble over or be misled by.</summary>
public sealed class DatasetCheck
{
    /// <summary>A class is rare where it has less than this part of the most frequent one's objects.</summary>
    private const double Rare = 0.01;

    /// <summary>A segment lies beside its box where the box around it overlaps less.</summary>
    private const double LeastOverlap = 0.5;

    /// <summary>Boxes are the same where no border is farther away, in pixels.</summary>
    private const float SameBorder = 0.5f;

    private DatasetCheck(IReadOnlyList<(string Name, DetectionDataset Data)> splits, DatasetReport report)
    {
        (Splits, Report) = (splits, report);
        Categories = splits.Count > 0 ? splits[0].Data.Categories : [];
        Samples = SplitScan.Once(splits.SelectMany(split => split.Data.Samples.Select(sample => (split.Name, sample))),
            sample => sample.File);
    }

    /// <summary>The splits that can be read. Of several that show the same images, such as
    /// VOC's train and trainval, each has them all.</summary>
    public IReadOnlyList<(string Name, DetectionDataset Data)> Splits { get; }

    /// <summary>The classes, those of the first split.</summary>
    public IReadOnlyList<Category> Categories { get; }

    /// <summary>All that was found, while reading and after.</summary>
    public DatasetReport Report { get; }

    /// <summary>Each image once, with the names of its splits.</summary>
    public IReadOnlyList<(Targets Sample, string Splits)> Samples { get; }

    /// <summary>Checks a folder.</summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="format">Its format.</param>
    /// <param name="progress">Is told (images done, images in all).</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="InputException">There is no such folder, or no data set in it.</exception>
    public static DatasetCheck Run(string folder, DatasetFormat format = DatasetFormat.Auto, Action<int, int>? progress = null,
        CancellationToken cancellation = default)
    {
        if (format == DatasetFormat.Auto) format = DatasetReader.Detect(folder);
        DatasetReport report = new();
        var splits = SplitScan.Read(folder, DatasetReader.Splits(folder, format), name => DatasetReader.Read(folder, format, name),
            data => (data.Categories, data.Report), report);
        DatasetCheck check = new(splits, report);
        ImageScan.Run([.. check.Samples.Select(entry => (entry.Sample.File, entry.Splits))],
            i => format == DatasetFormat.Yolo && TurnOf(check.Samples[i].Sample.File) is { } turned ? [turned] : [], report, progress,
                cancellation);
        foreach (var (sample, _) in check.Samples) check.LookAtObjects(sample);
        check.LookAtClasses();
        return check;
    }

    /// <summary>Whether an image is turned, and its labels may have been made before.</summary>
    private static DatasetProblem? TurnOf(string file)
    {
        using FileStream stream = File.OpenRead(file);
        return JpegFile.IsJpeg(Start(stream)) && JpegFile.ReadFrame(stream) is { Orientation: > 1 } frame
            ? new(DatasetProblemKind.TurnedImage, file, null, $"its EXIF orientation is {frame.Orientation}, and it is read upright; " +
                $"were its labels made on the image of {frame.Width}×{frame.Height} as stored, they lie wrong")
            : null;
    }

    private void LookAtObjects(Targets sample)
    {
        for (int i = 0; i < sample.Objects.Count; i++)
        {
            Annotation item = sample.Objects[i];
            if (sample.Objects.Take(i).FirstOrDefault(other => other.Label == item.Label && other.IsCrowd == item.IsCrowd
                && Same(other.Box, item.Box)) is { } twin)
                Report.Add(new(DatasetProblemKind.DuplicateBox, sample.File, $"annotation {item.Id}",
                    $"the same {NameOf(item.Label)} as annotation {twin.Id}, {Written(item.Box)}"));
            if (item is { Segment: not null, IsCrowd: false } && SegmentMap.Bounds(item.Segment) is { } bounds
                && bounds.Iou(item.Box) < LeastOverlap)
                Report.Add(new(DatasetProblemKind.SegmentBesideBox, sample.File, $"annotation {item.Id}",
                    $"its segment lies in {Written(bounds)}, and its box is {Written(item.Box)}"));
        }
    }

    private void LookAtClasses()
    {
        var samples = Samples;
        int[] counts = new int[Categories.Count];
        foreach (Annotation item in samples.SelectMany(entry => entry.Sample.Objects))
            if (item.Label <= counts.Length) counts[item.Label - 1]++;
        int most = counts.DefaultIfEmpty().Max();
        for (int i = 0; i < counts.Length; i++)
        {
            string folder = Splits.Count > 0 ? Splits[0].Data.Name : "";
            if (counts[i] == 0)
                Report.Add(new(DatasetProblemKind.UnusedClass, folder, $"class {Categories[i].Name}",
                    "has no objects, and cannot be learned"));
            else if (counts[i] < Rare * most)
                Report.Add(new(DatasetProblemKind.RareClass, folder, $"class {Categories[i].Name}",
                    $"has {counts[i]} objects, and {Categories[Array.IndexOf(counts, most)].Name} {most}; show it more often " +
                        "(--repeat-threshold)"));
        }
    }

    private string NameOf(int label) => label <= Categories.Count ? Categories[label - 1].Name : $"class {label}";

    private static byte[] Start(Stream stream)
    {
        byte[] start = new byte[3];
        stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        return start;
    }

    private static bool Same(Box a, Box b) =>
        Math.Abs(a.X1 - b.X1) <= SameBorder && Math.Abs(a.Y1 - b.Y1) <= SameBorder && Math.Abs(a.X2 - b.X2) <= SameBorder
            && Math.Abs(a.Y2 - b.Y2) <= SameBorder;

    private static string Written(Box box) => $"({box.X1:0.#}, {box.Y1:0.#}, {box.X2:0.#}, {box.Y2:0.#})";
}
