using Vision.Data;

namespace Vision.Training.Evaluation;

/// <summary>Reads COCO json files for evaluation: ground truth in the layout of <c>instances_val2017.json</c> and a list of results as detectors write them.</summary>
public static class CocoFiles
{
    /// <summary>Reads ground truth and detections of boxes.</summary>
    /// <param name="truthFile">The annotations: an object with <c>images</c>, <c>annotations</c> and <c>categories</c>.</param>
    /// <param name="detectionFile">The results: a list of <c>{"image_id", "category_id", "bbox": [x, y, width, height], "score"}</c>.</param>
    /// <exception cref="InputException">A file is missing, is not of its layout, or the two do not belong together.</exception>
    public static EvaluationSet ReadBoxes(string truthFile, string detectionFile)
    {
        CocoTruthFile truth = CocoTruthFile.Read(truthFile);
        CocoDetection[] results = CocoDetection.ReadAll(detectionFile);

        long[] imageIds = [.. truth.Images!.Select(image => image.Id!.Value).Distinct().Order()];
        Dictionary<long, int> imageRank = imageIds.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        Category[] categories = [.. truth.Categories!.Select(category => new Category(category.Id!.Value, category.Name!)).DistinctBy(category => category.Id)];
        Dictionary<int, int> categoryPlace = categories.Index().ToDictionary(pair => pair.Item.Id, pair => pair.Index);

        CocoDetection? stray = results.FirstOrDefault(result => !imageRank.ContainsKey(result.ImageId!.Value));
        if (stray is not null)
            throw new InputException($"{detectionFile} has detections in image {stray.ImageId}, which is not in {truthFile}: evaluate against the annotations of the images that were detected on.");

        // Annotations of images or classes that the file does not list take no part, as in pycocotools.
        CocoTruth[] objects = [.. truth.Annotations!.Where(truth => imageRank.ContainsKey(truth.ImageId!.Value) && categoryPlace.ContainsKey(truth.CategoryId!.Value))];
        CocoDetection[] detections = [.. results.Where(result => categoryPlace.ContainsKey(result.CategoryId!.Value))];
        CocoBox[] truthBoxes = [.. objects.Select(o => BoxOf(o.Bbox!))], detectionBoxes = [.. detections.Select(d => BoxOf(d.Bbox!))];
        return new()
        {
            Categories = categories,
            ImageCount = imageIds.Length,
            Truths = [.. objects.Select(o => new TruthEntry(imageRank[o.ImageId!.Value], categoryPlace[o.CategoryId!.Value], o.Area!.Value, o.IsCrowd != 0, o.IsCrowd != 0))],
            Detections = [.. detections.Select((d, i) => new DetectionEntry(imageRank[d.ImageId!.Value], categoryPlace[d.CategoryId!.Value], d.Score!.Value, detectionBoxes[i].Area))],
            Overlap = new BoxOverlap(detectionBoxes, truthBoxes, [.. objects.Select(o => o.IsCrowd != 0)]),
            Notes = [.. Notes(results, detections, categories)],
        };
    }

    private static CocoBox BoxOf(double[] bbox) => new(bbox[0], bbox[1], bbox[2], bbox[3]);

    private static IEnumerable<string> Notes(CocoDetection[] results, CocoDetection[] detections, Category[] categories)
    {
        if (results.Length == 0) yield return "There are no detections.";
        if (detections.Length == results.Length) yield break;
        string unknown = ListOf(results.Select(result => result.CategoryId!.Value).Except(categories.Select(category => category.Id)));
        if (detections.Length == 0)
            yield return $"The category ids do not intersect: detections have {unknown}, the ground truth has {ListOf(categories.Select(category => category.Id))}.";
        else
            yield return $"{results.Length - detections.Length} of {results.Length} detections are not counted: their category ids ({unknown}) are not in the ground truth.";
    }

    private static string ListOf(IEnumerable<int> ids)
    {
        int[] sorted = [.. ids.Distinct().Order()];
        return string.Join(", ", sorted.Take(5)) + (sorted.Length > 5 ? ", …" : "");
    }
}
