using Vision.Data;

namespace Vision.Evaluation;

/// <summary>Ground truth and detections of a data set as flat tables, ready for <see cref="CocoEvaluator"/>.</summary>
public sealed record EvaluationSet
{
    /// <summary>The classes that are evaluated.</summary>
    public required IReadOnlyList<Category> Categories { get; init; }

    /// <summary>The number of images. An image is identified by its rank among the sorted image ids, since ties in scores are ranked in
    /// that order.</summary>
    public required int ImageCount { get; init; }

    /// <summary>The annotated objects; those of an image in file order.</summary>
    public required GroundTruthEntry[] Truths { get; init; }

    /// <summary>The detections; those of an image in file order.</summary>
    public required DetectionEntry[] Detections { get; init; }

    /// <summary>Computes their overlaps.</summary>
    public required IOverlap Overlap { get; init; }

    /// <summary>Remarks on the input for readers of the metrics, one line each,
    /// such as detections of classes that are not in the ground truth.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
