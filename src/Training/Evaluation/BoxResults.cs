using Vision.Data;

namespace Vision.Training.Evaluation;

/// <summary>Collects a detector's boxes image by image, beside the ground truth, to be evaluated by COCO's rules.</summary>
/// <param name="categories">The data set's classes: label 1 is the first.</param>
public sealed class BoxResults(IReadOnlyList<Category> categories)
{
    private readonly Dictionary<long, (Targets Targets, Detections Detections)> images = [];

    /// <summary>Adds an image.</summary>
    /// <param name="targets">Its ground truth, with boxes in the same pixels as the detections.</param>
    /// <param name="detections">What was found in it.</param>
    /// <exception cref="ArgumentException">The image was added before, or a label is not among the classes.</exception>
    public void Add(Targets targets, Detections detections)
    {
        foreach (int label in targets.Objects.Select(truth => truth.Label).Concat(detections.Labels))
            if (label < 1 || label > categories.Count)
                throw new ArgumentException($"Label {label} in {targets.File} is not among the {categories.Count} classes (1..{categories.Count}).");
        if (!images.TryAdd(targets.ImageId, (targets, detections)))
            throw new ArgumentException($"Image {targets.ImageId} ({targets.File}) was added before.");
    }

    /// <summary>Evaluates the images added so far.</summary>
    public CocoMetrics Evaluate()
    {
        List<TruthEntry> truths = [];
        List<DetectionEntry> detections = [];
        List<CocoBox> truthBoxes = [], detectionBoxes = [];
        foreach (var (rank, (targets, found)) in images.OrderBy(image => image.Key).Select(image => image.Value).Index())
        {
            foreach (Annotation truth in targets.Objects)
            {
                truths.Add(new(rank, truth.Label - 1, truth.Area, truth.IsCrowd, truth.IsCrowd));
                truthBoxes.Add(ToCoco(truth.Box));
            }
            for (int d = 0; d < found.Count; d++)
            {
                CocoBox box = ToCoco(found.Boxes[d]);
                detections.Add(new(rank, found.Labels[d] - 1, found.Scores[d], box.Area));
                detectionBoxes.Add(box);
            }
        }
        return CocoEvaluator.Evaluate(new()
        {
            Categories = categories,
            ImageCount = images.Count,
            Truths = [.. truths],
            Detections = [.. detections],
            Overlap = new BoxOverlap([.. detectionBoxes], [.. truthBoxes], [.. truths.Select(truth => truth.IsCrowd)]),
            Notes = detections.Count == 0 ? ["There are no detections."] : [],
        }, CocoRules.Boxes);
    }

    // Doubles before the subtraction: a float width would round once more than the file's.
    private static CocoBox ToCoco(Box box) => new(box.X1, box.Y1, (double)box.X2 - box.X1, (double)box.Y2 - box.Y1);
}
