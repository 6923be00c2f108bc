using Vision.Data;

namespace Vision.Evaluation;

/// <summary>Reads COCO json files for evaluation: ground truth in the layout of <c>instances_val2017.json</c> and a list of results as
/// written by detectors.</summary>
public static class CocoFiles
{
    /// <summary>Reads ground truth and detections of boxes, for <see cref="CocoRules.Boxes"/>.</summary>
    /// <param name="truthFile">The annotations: an object with <c>images</c>, <c>annotations</c> and <c>categories</c>.</param>
    /// <param name="detectionFile">The results: a list of <c>{"image_id", "category_id",
    /// "bbox": [x, y, width, height], "score"}</c>.</param>
    /// <exception cref="InputException">A file is missing or has another layout, or the two files do not belong together.</exception>
    public static EvaluationSet ReadBoxes(string truthFile, string detectionFile)
    {
        CocoPair<CocoGroundTruth, CocoDetection> pair = new(truthFile, detectionFile, "bbox");
        CocoBox[] truths = [.. pair.Objects.Select(o => BoxOf(o.Bbox!))], found = [.. pair.Detections.Select(d => BoxOf(d.Bbox!))];
        return pair.ToSet(new BoxOverlap(found, truths, pair.Crowds), i => found[i].Area);
    }

    /// <summary>Reads ground truth and detections of masks, for <see cref="CocoRules.Boxes"/>.</summary>
    /// <param name="truthFile">The annotations, with polygons or RLE in <c>segmentation</c>;
    /// the images must have <c>width</c> and <c>height</c>.</param>
    /// <param name="detectionFile">The results: a list of <c>{"image_id", "category_id",
    /// "segmentation": {"size", "counts"}, "score"}</c>.</param>
    /// <exception cref="InputException">A file is missing or has another layout, or the two files do not belong together.</exception>
    public static EvaluationSet ReadMasks(string truthFile, string detectionFile)
    {
        CocoPair<CocoMaskTruth, CocoMaskDetection> pair = new(truthFile, detectionFile, "segmentation");
        RleMask[] truths = pair.OfObjects((o, image) => MaskOf(o.Segmentation!, image)),
            found = pair.OfDetections((d, image) => MaskOf(d.Segmentation!, image));
        return pair.ToSet(new MaskOverlap(found, truths, pair.Crowds), i => found[i].Area);
    }

    /// <summary>Reads ground truth and detections of keypoints, for <see cref="CocoRules.Keypoints"/>.</summary>
    /// <param name="truthFile">The annotations, with x, y and visibility of each point in <c>keypoints</c>.</param>
    /// <param name="detectionFile">The results: a list of <c>{"image_id", "category_id",
    /// "keypoints": [x, y, score, …], "score"}</c>.</param>
    /// <param name="sigmas">The sigma of each keypoint, as in <see cref="KeypointSigmas"/>;
    /// null for the defaults for that number of keypoints.</param>
    /// <exception cref="InputException">A file is missing or has another layout, or the two files do not belong together.</exception>
    public static EvaluationSet ReadKeypoints(string truthFile, string detectionFile, IReadOnlyList<double>? sigmas = null)
    {
        CocoPair<CocoKeypointTruth, CocoKeypointDetection> pair = new(truthFile, detectionFile, "keypoints");
        int numbers = sigmas is not null ? 3 * sigmas.Count
            : pair.Objects.Length > 0 ? pair.Objects[0].Keypoints!.Length
            : pair.Detections.Length > 0 ? pair.Detections[0].Keypoints!.Length
            : 0;
        double[][] truths = pair.OfObjects((o, _) => PointsOf(o.Keypoints!, numbers)),
            found = pair.OfDetections((d, _) => PointsOf(d.Keypoints!, numbers));
        KeypointOverlap overlap = new(
            found, truths, [.. pair.Objects.Select(o => BoxOf(o.Bbox!))], [.. pair.Objects.Select(o => o.Area!.Value)],
            [.. sigmas ?? KeypointSigmas.Usual(numbers / 3)]);
        EvaluationSet set = pair.ToSet(overlap, i => KeypointOverlap.Extent(found[i]),
            o => (o.NumKeypoints ?? KeypointOverlap.Labeled(o.Keypoints!)) == 0);
        return sigmas is null && KeypointSigmas.NoteFor(numbers / 3) is { } note ? set with { Notes = [.. set.Notes, note] } : set;
    }

    /// <summary>
    /// Reads the ids of a COCO file's images by their file names, without folders. Annotations are not read and may be missing.
    /// </summary>
    /// <param name="truthFile">The file, such as <c>instances_val2017.json</c> or <c>image_info_test-dev2017.json</c>.</param>
    /// <exception cref="InputException">The file is missing or has another layout, or two of its images have the same name.</exception>
    public static IReadOnlyDictionary<string, long> ReadImageIds(string truthFile)
    {
        CocoImage[] images = CocoJsonReader.Read<CocoImageList>(truthFile, "a COCO annotation file").Images
            ?? throw new InputException($"{truthFile} is not a COCO annotation file: it needs 'images'.");
        Dictionary<string, long> ids = [];
        foreach (var (place, image) in images.Index())
        {
            CocoJsonReader.Require(truthFile, $"images[{place}]", ("id", image?.Id), ("file_name", image?.FileName));
            string name = Path.GetFileName(image!.FileName!);
            if (ids.TryAdd(name, image.Id!.Value)) continue;
            throw new InputException($"{truthFile}: the images {ids[name]} and {image.Id} are both called {name}; give each its own name.");
        }
        return ids;
    }

    private static CocoBox BoxOf(double[] bbox) => new(bbox[0], bbox[1], bbox[2], bbox[3]);

    private static RleMask MaskOf(CocoSegment segment, CocoImage image) => image is { Width: { } width, Height: { } height }
        ? segment.ToMask(width, height)
        : throw new InputException($"image {image.Id} has no 'width' and 'height', which its masks need.");

    private static double[] PointsOf(double[] points, int numbers) => points.Length == numbers && numbers % 3 == 0 && numbers > 0 ? points
        : throw new InputException(
            $"it has {points.Length} numbers in 'keypoints'; expected " +
            $"{(numbers > 0 && numbers % 3 == 0 ? $"{numbers}, three for each of {numbers / 3} points" : "three for each point")}.");
}
