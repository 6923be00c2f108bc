using Vision.Data;

namespace Vision.Evaluation;

/// <summary>Ground truth and detections of a data set as flat tables, ready for <see cref="CocoEvaluator"/>.</summary>
public sealed record EvaluationSet
{
    /// <summary>The classes that are evaluated.</summary>
    public required IReadOnlyList<Category> Categories { get; init; }

    /// <summary>How many images there are. An image is known by its rank when image ids are sorted,
    /// since equal scores are ranked in that order.</summary>
    public required int ImageCount { get; init; }

    /// <summary>The annotated objects, those of one image in file order.</summary>
    public required TruthEntry[] Truths { get; init; }

    /// <summary>The detections, those of one image in file order.</summary>
    public required DetectionEntry[] Detections { get; init; }

    /// <summary>Their geometry.</summary>
    public required IOverlap Overlap { get; init; }

    /// <summary>What a person should know of the input, one line each: such as detections of
    /// classes that are not in the ground truth.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
