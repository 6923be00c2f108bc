using Vision.Data;

namespace Vision.Evaluation;

/// <summary>Collects detections and ground truth image by image: boxes, and masks and keypoints if there are any.</summary>
/// <param name="categories">The data set's classes: label 1 is the first.</param>
public sealed class DetectionResults(IReadOnlyList<Category> categories)
{
    private readonly SortedDictionary<long, (Targets Targets, Detections Detections)> images = [];
    private readonly List<string> notes = [];

    /// <summary>Whether both the detections and the ground truth have masks.</summary>
    public bool HasMasks => images.Values.Any(image => image.Detections.Masks is not null)
        && Truths().Any(truth => truth.Truth.Segment is not null);

    /// <summary>Whether both the detections and the ground truth have keypoints.</summary>
    public bool HasKeypoints => images.Values.Any(image => image.Detections.Keypoints is not null)
        && Truths().Any(truth => truth.Truth.Keypoints is not null);

    /// <summary>Adds an image.</summary>
    /// <param name="targets">Its ground truth, in the same pixels as the detections.</param>
    /// <param name="detections">Its detections.</param>
    /// <exception cref="ArgumentException">The image was already added, a label is not among the classes, or a mask does not have the
    /// image's size.</exception>
    public void Add(Targets targets, Detections detections)
    {
        foreach (int label in targets.Objects.Select(truth => truth.Label).Concat(detections.Labels))
            if (label < 1 || label > categories.Count)
                throw new ArgumentException(
                    $"Label {label} in {targets.File} is not among the {categories.Count} classes (1..{categories.Count}).");
        foreach (RleMask mask in detections.Masks ?? [])
            if (mask.Width != targets.Width || mask.Height != targets.Height)
                throw new ArgumentException(
                    $"A mask predicted for {targets.File} has {mask.Width}×{mask.Height} pixels; expected the image's " +
                    $"{targets.Width}×{targets.Height}.");
        if (!images.TryAdd(targets.ImageId, (targets, detections)))
            throw new ArgumentException($"Image {targets.ImageId} ({targets.File}) was already added.");
    }

    /// <summary>Adds a remark for readers of the metrics, in one line.</summary>
    public void Add(string note) => notes.Add(note);

    /// <summary>Writes the detections and remarks, for the process that evaluates those of several.</summary>
    internal void Write(BinaryWriter writer)
    {
        writer.Write(images.Count);
        foreach (var (image, (_, detections)) in images)
        {
            writer.Write(image);
            StoredDetections.Write(writer, detections);
        }
        writer.Write(notes.Count);
        foreach (string note in notes) writer.Write(note);
    }

    /// <summary>Adds what another process wrote.</summary>
    /// <param name="reader">Reads it.</param>
    /// <param name="targets">The ground truth of an image by its id.</param>
    internal void Read(BinaryReader reader, Func<long, Targets> targets)
    {
        for (int left = reader.ReadInt32(); left > 0; left--) Add(targets(reader.ReadInt64()), StoredDetections.Read(reader));
        for (int left = reader.ReadInt32(); left > 0; left--) Add(reader.ReadString());
    }

    /// <summary>Evaluates the images added so far: boxes, and masks and keypoints if there are any.</summary>
    public DetectionMetrics Evaluate()
    {
        EvaluationSet boxes = BoxSet(), judged = HasMasks ? MaskSet() : boxes;
        CocoMetrics ofBoxes = CocoEvaluator.Evaluate(boxes, CocoRules.Boxes);
        CocoMetrics? ofMasks = HasMasks ? CocoEvaluator.Evaluate(judged, CocoRules.Boxes) : null;
        CocoMetrics? ofKeypoints = HasKeypoints ? CocoEvaluator.Evaluate(KeypointSet(), CocoRules.Keypoints) : null;
        return new()
        {
            Boxes = ofBoxes,
            Masks = ofMasks,
            Keypoints = ofKeypoints,
            Errors = ErrorAnalysis.Of(judged),
            Confusion = DetectionConfusion.Of(judged),
            Images = new()
            {
                Images = [.. images.Values.Select(image => image.Targets.File)],
                Thresholds = CocoRules.Boxes.Thresholds.Count,
                Classes = (ofMasks ?? ofKeypoints ?? ofBoxes).ClassResults,
            },
        };
    }

    /// <summary>Evaluates the boxes by the rules of Pascal VOC.</summary>
    public VocMetrics EvaluateVoc(VocRules rules) => VocEvaluator.Evaluate(BoxSet(crowds: false), rules);

    /// <summary>The boxes.</summary>
    /// <param name="crowds">Whether any number of detections may match a crowd, as in COCO;
    /// VOC's difficult objects are matched like others.</param>
    private EvaluationSet BoxSet(bool crowds = true)
    {
        CocoBox[] found = [.. Found().Select(item => ToCoco(item.Detections.Boxes[item.Place]))];
        GroundTruthEntry[] truths = Entries(truth => false, crowds);
        BoxOverlap overlap = new(
            found, [.. Truths().Select(item => ToCoco(item.Truth.Box))], [.. truths.Select(truth => truth.IsCrowd)]);
        return Set(overlap, truths, i => found[i].Area);
    }

    /// <summary>The masks. An object without a mask is ignored, whether found or not, and its box is used instead.</summary>
    private EvaluationSet MaskSet()
    {
        RleMask[] found = [.. Found().Select(item => item.Detections.Masks?[item.Place]
            ?? throw new InvalidOperationException($"The detector returned no masks for {item.Targets.File}, but did for other images."))];
        GroundTruthEntry[] truths = Entries(truth => truth.Segment is null);
        var annotated = Truths().ToArray();
        RleMask[] masks = new RleMask[annotated.Length];
        Parallel.For(0, masks.Length, i =>
        {
            var (targets, truth) = annotated[i];
            masks[i] = (truth.Segment ?? Rectangle(truth.Box)).ToMask(targets.Width, targets.Height);
        });
        int missing = annotated.Count(item => item.Truth.Segment is null);
        return Set(new MaskOverlap(found, masks, [.. truths.Select(truth => truth.IsCrowd)]), truths, i => found[i].Area,
            missing == 0 ? [] : [$"{missing} of {annotated.Length} objects have no mask and are not counted in the mask metrics."]);
    }

    private EvaluationSet KeypointSet()
    {
        double[][] found = [.. Found().Select(item => Flat(item.Detections.Keypoints?[item.Place]
            ?? throw new InvalidOperationException(
                $"The detector returned no keypoints for {item.Targets.File}, but did for other images.")))];
        int points = Truths().Select(item => item.Truth.Keypoints?.Count ?? 0).FirstOrDefault(count => count > 0);
        foreach (var (targets, truth) in Truths())
            if (truth.Keypoints is { } given && given.Count != points)
                throw new InputException(
                    $"{targets.File}: annotation {truth.Id} has {given.Count} keypoints, but others have {points}: " +
                    "give all the same number.");
        if (found.FirstOrDefault(item => item.Length != 3 * points) is { } other)
            throw new InputException(
                $"The detector predicts {other.Length / 3} keypoints, but the ground truth has {points}: evaluate on data with " +
                    "the keypoints that it was trained on.");
        double[][] truths = [.. Truths().Select(item => item.Truth.Keypoints is { } given ? Flat(given) : new double[3 * points])];
        KeypointOverlap overlap = new(
            found, truths, [.. Truths().Select(item => ToCoco(item.Truth.Box))], [.. Truths().Select(item => item.Truth.Area)],
            [.. KeypointSigmas.Usual(points)]);
        return Set(overlap, Entries(truth => truth.Keypoints is null || truth.Keypoints.All(point => point.Visibility <= 0)),
            i => KeypointOverlap.Extent(found[i]), KeypointSigmas.NoteFor(points) is { } note ? [note] : []);
    }

    private EvaluationSet Set(IOverlap overlap, GroundTruthEntry[] truths, Func<int, double> area, params string[] more)
    {
        DetectionEntry[] detections = [.. Found().Select((item, i) => new DetectionEntry(
            item.Rank, item.Detections.Labels[item.Place] - 1, item.Detections.Scores[item.Place], area(i)))];
        return new()
        {
            Categories = categories,
            ImageCount = images.Count,
            Truths = truths,
            Detections = detections,
            Overlap = overlap,
            Notes = [.. detections.Length == 0 ? ["There are no detections."] : Array.Empty<string>(), .. more, .. notes],
        };
    }

    private GroundTruthEntry[] Entries(Func<Annotation, bool> ignored, bool crowds = true) =>
        [.. images.Values.SelectMany((image, rank) =>
            image.Targets.Objects.Select(truth =>
                new GroundTruthEntry(rank, truth.Label - 1, truth.Area, truth.IsCrowd && crowds, truth.IsCrowd || ignored(truth))))];

    private IEnumerable<(Targets Targets, Annotation Truth)> Truths() =>
        images.Values.SelectMany(image => image.Targets.Objects.Select(truth => (image.Targets, truth)));

    private IEnumerable<(int Rank, Targets Targets, Detections Detections, int Place)> Found() =>
        images.Values.SelectMany((image, rank) =>
            Enumerable.Range(0, image.Detections.Count).Select(place => (rank, image.Targets, image.Detections, place)));

    private static Segment Rectangle(Box box) => new() { Polygons = [[box.X1, box.Y1, box.X2, box.Y1, box.X2, box.Y2, box.X1, box.Y2]] };

    private static double[] Flat(IReadOnlyList<Keypoint> points) =>
        [.. points.SelectMany(point => new double[] { point.X, point.Y, point.Visibility })];

    // Doubles before the subtraction: a float width would be rounded once more than the file's.
    private static CocoBox ToCoco(Box box) => new(box.X1, box.Y1, (double)box.X2 - box.X1, (double)box.Y2 - box.Y1);
}
