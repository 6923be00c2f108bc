namespace Vision.Data;

/// <summary>The problems found while a data set was read. Problems may be added from several threads.</summary>
public sealed class DatasetReport
{
    private readonly Lock gate = new();
    private readonly List<DatasetProblem> problems = [];

    /// <summary>All problems, in the order in which they were found.</summary>
    public IReadOnlyList<DatasetProblem> Problems
    {
        get { lock (gate) return [.. problems]; }
    }

    /// <summary>Adds a problem.</summary>
    public void Add(DatasetProblem problem)
    {
        lock (gate) problems.Add(problem);
    }

    /// <summary>One line for the console: the number of problems of each kind, and the first problem in full;
    /// empty if there are none.</summary>
    public string Summary
    {
        get
        {
            IReadOnlyList<DatasetProblem> all = Problems;
            if (all.Count == 0) return "";
            var kinds = all.CountBy(problem => problem.Kind).OrderBy(kind => kind.Key).Select(kind => Describe(kind.Key, kind.Value));
            return $"{string.Join(", ", kinds)} (the first: {all[0]})";
        }
    }

    /// <summary>Writes one line for each problem: its kind, file, object and detail, separated by tabs.</summary>
    /// <param name="path">The file to write; an existing file is replaced.</param>
    public void Write(string path) =>
        File.WriteAllLines(path, Problems.Select(problem => $"{problem.Kind}\t{problem.File}\t{problem.Object}\t{problem.Detail}"));

    private static string Describe(DatasetProblemKind kind, int count)
    {
        (string one, string many, string done) = kind switch
        {
            DatasetProblemKind.MissingImage => ("missing image", "missing images", "left out"),
            DatasetProblemKind.UnreadableImage => ("unreadable image", "unreadable images", "left out"),
            DatasetProblemKind.SizeMismatch =>
                ("image of another size than annotated", "images of another size than annotated", "left out"),
            DatasetProblemKind.MissingAnnotations => ("image without annotation file", "images without annotation file", "left out"),
            DatasetProblemKind.UnreadableAnnotations => ("unreadable annotation file", "unreadable annotation files", "left out"),
            DatasetProblemKind.MissingField => ("object without class or box", "objects without class or box", "left out"),
            DatasetProblemKind.UnknownClass => ("object of unknown class", "objects of unknown class", "left out"),
            DatasetProblemKind.UnknownImage => ("annotation of an unlisted image", "annotations of unlisted images", "left out"),
            DatasetProblemKind.DegenerateBox => ("box without area", "boxes without area", "left out"),
            DatasetProblemKind.OutsideBox => ("box outside its image", "boxes outside their images", "left out"),
            DatasetProblemKind.ClippedBox => ("box over its image's border", "boxes over their images' borders", "clipped"),
            DatasetProblemKind.RepeatedId => ("repeated annotation id", "repeated annotation ids", "renumbered"),
            DatasetProblemKind.OddFile => ("file that is not an image of a class", "files that are not images of a class", "left out"),
            DatasetProblemKind.EmptyClass => ("class without images", "classes without images", "kept"),
            DatasetProblemKind.BadSegment => ("unusable segment", "unusable segments", "left out"),
            DatasetProblemKind.BadKeypoints => ("object with unusable keypoints", "objects with unusable keypoints", "left without"),
            DatasetProblemKind.DuplicateBox => ("repeated box", "repeated boxes", "kept"),
            DatasetProblemKind.DuplicateImage => ("repeated image", "repeated images", "kept"),
            DatasetProblemKind.TurnedImage => ("image turned by EXIF", "images turned by EXIF", "kept"),
            DatasetProblemKind.UnusedClass => ("class without objects", "classes without objects", "kept"),
            DatasetProblemKind.RareClass => ("rare class", "rare classes", "kept"),
            DatasetProblemKind.SegmentBesideBox =>
                ("segment that does not match its box", "segments that do not match their boxes", "kept"),
            DatasetProblemKind.AnchorMisfit => ("class that the anchors miss", "classes that the anchors miss", "kept"),
            DatasetProblemKind.GuessedClasses => ("guess at the classes", "guesses at the classes", "made"),
            DatasetProblemKind.UnknownValue =>
                ("mask with values that are not classes", "masks with values that are not classes", "left out"),
            DatasetProblemKind.ConstantMask => ("mask of one class", "masks of one class", "kept"),
            DatasetProblemKind.MostlyIgnored => ("data set that is mostly ignored", "data sets that are mostly ignored", "kept"),
            DatasetProblemKind.LostInFormat =>
                ("thing that the format cannot hold", "things that the format cannot hold", "changed or left out"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of problem."),
        };
        return $"{count} {(count == 1 ? one : many)} {done}";
    }
}
