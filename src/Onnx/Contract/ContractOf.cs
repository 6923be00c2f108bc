using Vision.Classification;
using Vision.Detection;
using Vision.Segmentation;

namespace Vision.Onnx;

/// <summary>The contracts of exported models.</summary>
internal static class ContractOf
{
    private const string Pixels = "RGB in [0, 1], float32. The graph normalizes.";

    /// <summary>The name of the output of classifiers and segmenters.</summary>
    public const string Logits = "logits";

    /// <summary>The names of the outputs of detectors; the last two only if the task has them.</summary>
    public const string Boxes = "boxes", Scores = "scores", Labels = "labels", Masks = "masks", Keypoints = "keypoints";

    /// <summary>The names of the outputs that a network of a task has.</summary>
    public static IReadOnlyList<string> OutputsOf(OnnxTask task) => task switch
    {
        OnnxTask.Classification or OnnxTask.SemanticSegmentation => [Logits],
        OnnxTask.InstanceSegmentation => [Boxes, Scores, Labels, Masks],
        OnnxTask.Keypoints => [Boxes, Scores, Labels, Keypoints],
        _ => [Boxes, Scores, Labels],
    };

    /// <summary>The contract of a classifier.</summary>
    public static OnnxContract Classifier(ClassifierDescription description, OnnxFingerprint fingerprint)
    {
        int side = description.Preprocessing.Crop;
        return new()
        {
            Task = OnnxTask.Classification,
            Model = description.Model,
            Categories = description.Categories,
            Input = new()
            {
                Shape = $"[N, 3, {side}, {side}]",
                Meaning = $"{Pixels} Resize the shorter side to {description.Preprocessing.Resize} pixels with antialiasing, then take " +
                    $"the central {side} x {side}.",
                Preprocessing = description.Preprocessing,
            },
            Outputs =
            [
                new(Logits, $"[N, {description.Categories.Count}]", "A softmax over the last axis gives the probability of each class."),
            ],
            Figures = description.Metrics,
            Fingerprint = fingerprint,
        };
    }

    /// <summary>The contract of a segmenter.</summary>
    public static OnnxContract Segmenter(SegmenterDescription description, OnnxFingerprint fingerprint) => new()
    {
        Task = OnnxTask.SemanticSegmentation,
        Model = description.Model,
        Backbone = description.Backbone,
        Categories = description.Categories,
        Colors = description.Colors,
        Input = new()
        {
            Shape = "[N, 3, height, width]",
            Meaning = $"{Pixels} Of any size" + (description.ShorterSide is { } side
                ? $"; the network was trained with a shorter side of {side} pixels, so resize to that, and the logits back." : "."),
            ShorterSide = description.ShorterSide,
        },
        Outputs = [new(Logits, $"[N, {description.Categories.Count}, height, width]",
            "A softmax over the second axis gives the probability of each class at each pixel of the input.")],
        Figures = description.Metrics,
        Fingerprint = fingerprint,
    };

    /// <summary>The contract of a detector.</summary>
    public static OnnxContract Detector(DetectorDescription description, OnnxFingerprint fingerprint)
    {
        DetectorTask task = DetectorCatalog.ArchitectureOf(description.Model).Task;
        List<OnnxOutput> outputs =
        [
            new(Boxes, "[D, 4]", "Left, top, right and bottom of each object, in pixels of the input."),
            new(Scores, "[D]", "The confidence in each object, in [0, 1], in descending order."),
            new(Labels, "[D]", "The class of each object, int64: 1 is the first category."),
        ];
        if (task == DetectorTask.Instance)
            outputs.Add(new(Masks, "[D, height, width]", "Whether a pixel of the input belongs to the object, bool."));
        if (task == DetectorTask.Keypoint)
            outputs.Add(new(Keypoints, "[D, K, 3]", "Each keypoint of the object: x and y in pixels of the input, and the confidence."));
        return new()
        {
            Task = task switch
            {
                DetectorTask.Instance => OnnxTask.InstanceSegmentation,
                DetectorTask.Keypoint => OnnxTask.Keypoints,
                _ => OnnxTask.Detection,
            },
            Model = description.Model,
            Backbone = description.Backbone,
            Categories = description.Categories,
            Input = new() { Shape = "[1, 3, height, width]", Meaning = $"{Pixels} Of any size: the graph resizes." },
            Outputs = outputs,
            Figures = description.Metrics,
            Fingerprint = fingerprint,
        };
    }
}
