namespace Vision.Data;

/// <summary>Checks every image and every object of a data set for problems that would stop or mislead training.</summary>
public sealed class DatasetCheck
{
    /// <summary>A class is rare if it has less than this fraction of the most frequent class's objects.</summary>
    private const double Rare = 0.01;

    /// <summary>A segment does not match its box if its bounding box overlaps the box by less than this IoU.</summary>
    private const double LeastOverlap = 0.5;

    /// <summary>Boxes count as equal if no border differs by more than this, in pixels.</summary>
    private const float SameBorder = 0.5f;

    private DatasetCheck(IReadOnlyList<(string Name, DetectionDataset Data)> splits, DatasetReport report)
    {
        (Splits, Report) = (splits, report);
        Categories = splits.Count > 0 ? splits[0].Data.Categories : [];
        Samples = SplitScan.Once(
            splits.SelectMany(split => split.Data.Samples.Select(sample => (split.Name, sample))), sample => sample.File);
    }

    /// <summary>The splits that can be read. Splits that share images, such as VOC's train and trainval,
    /// each contain all of theirs.</summary>
    public IReadOnlyList<(string Name, DetectionDataset Data)> Splits { get; }

    /// <summary>The classes of the first split.</summary>
    public IReadOnlyList<Category> Categories { get; }

    /// <summary>All problems found, while reading and afterwards.</summary>
    public DatasetReport Report { get; }

    /// <summary>Each image once, with the names of its splits.</summary>
    public IReadOnlyList<(Targets Sample, string Splits)> Samples { get; }

    /// <summary>Checks a folder.</summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="format">Its format.</param>
    /// <param name="progress">Receives (images processed, total images).</param>
    /// <param name="cancellation">Cancels the check.</param>
    /// <exception cref="InputException">There is no such folder, or no data set in it.</exception>
    public static DatasetCheck Run(string folder, DatasetFormat format = DatasetFormat.Auto, Action<int, int>? progress = null,
        CancellationToken cancellation = default)
    {
        if (format == DatasetFormat.Auto) format = DetectionReader.Detect(folder);
        DatasetReport report = new();
        var splits = SplitScan.Read(folder, DetectionReader.Splits(folder, format), name => DetectionReader.Read(folder, format, name),
            data => (data.Categories, data.Report), report);
        DatasetCheck check = new(splits, report);
        ImageScan.Run([.. check.Samples.Select(entry => (entry.Sample.File, entry.Splits))],
            i => format == DatasetFormat.Yolo && TurnOf(check.Samples[i].Sample.File) is { } turned ? [turned] : [],
            report, progress, cancellation);
        foreach (var (sample, _) in check.Samples) check.LookAtObjects(sample);
        check.LookAtClasses();
        return check;
    }

    /// <summary>Reports an image that EXIF rotates, since its labels may have been made on the unrotated image.</summary>
    private static DatasetProblem? TurnOf(string file)
    {
        using FileStream stream = File.OpenRead(file);
        return JpegFile.IsJpeg(Start(stream)) && JpegFile.ReadFrame(stream) is { Orientation: > 1 } frame
            ? new(DatasetProblemKind.TurnedImage, file, null, $"its EXIF orientation is {frame.Orientation}, and it is read upright; " +
                $"labels made on the stored image of {frame.Width}×{frame.Height} would be misplaced")
            : null;
    }

    private void LookAtObjects(Targets sample)
    {
        for (int i = 0; i < sample.Objects.Count; i++)
        {
            Annotation item = sample.Objects[i];
            Annotation? twin = sample.Objects.Take(i).FirstOrDefault(other =>
                other.Label == item.Label && other.IsCrowd == item.IsCrowd && Same(other.Box, item.Box));
            if (twin is not null)
                Report.Add(new(DatasetProblemKind.DuplicateBox, sample.File, $"annotation {item.Id}",
                    $"the same {NameOf(item.Label)} as annotation {twin.Id}, {Written(item.Box)}"));
            if (item is { Segment: not null, IsCrowd: false } && SegmentTransform.Bounds(item.Segment) is { } bounds
                && bounds.Iou(item.Box) < LeastOverlap)
            {
                Report.Add(new(DatasetProblemKind.SegmentBesideBox, sample.File, $"annotation {item.Id}",
                    $"its segment spans {Written(bounds)}, but its box is {Written(item.Box)}"));
            }
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
                    "has no objects and cannot be learned"));
            else if (counts[i] < Rare * most)
                Report.Add(new(DatasetProblemKind.RareClass, folder, $"class {Categories[i].Name}",
                    $"has {counts[i]} objects, while {Categories[Array.IndexOf(counts, most)].Name} has {most}; show it more often " +
                        "with a repeat threshold"));
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
        Math.Abs(a.X1 - b.X1) <= SameBorder && Math.Abs(a.Y1 - b.Y1) <= SameBorder
        && Math.Abs(a.X2 - b.X2) <= SameBorder && Math.Abs(a.Y2 - b.Y2) <= SameBorder;

    private static string Written(Box box) => $"({box.X1:0.#}, {box.Y1:0.#}, {box.X2:0.#}, {box.Y2:0.#})";
}
