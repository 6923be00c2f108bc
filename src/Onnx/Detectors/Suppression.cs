using Vision.Detection;
using Vision.Onnx.Building;
using Vision.Ops;

namespace Vision.Onnx.Detectors;

/// <summary>Non-maximum suppression in a graph.</summary>
internal static class Suppression
{
    // NonMaxSuppression drops scores up to its threshold: those of a group's own boxes are in [0, 1].
    private const float OtherGroup = -1, Threshold = -0.5f;

    /// <summary>As <see cref="Suppressor.Keep"/>: the candidates that are left, highest score first.</summary>
    /// <param name="candidates">The candidates.</param>
    /// <param name="rules">The parameters.</param>
    /// <param name="classes">Number of classes, without background.</param>
    /// <param name="image">The image.</param>
    /// <exception cref="InputException">The suppression is soft.</exception>
    public static FoundObjects Keep(FoundObjects candidates, Suppressor rules, long classes, PreparedImage image)
    {
        if (rules.Options.Kind != SuppressionKind.Hard)
            throw new InputException(
                $"A detector whose suppression is {rules.Options.Kind} cannot be exported; load it with {SuppressionKind.Hard}.");
        FoundObjects found = candidates with { Boxes = BoxDecoding.Clip(candidates.Boxes, image.Limits) };
        if (rules.MinSide > 0) found = found.At(Selection.Where(BoxDecoding.ShorterSide(found.Boxes) >= (float)rules.MinSide));
        OnnxValue? groups = rules.Options.ClassAgnostic ? null : found.Labels - 1L;
        return found.At(Keep(found.Boxes, found.Scores, groups, classes, rules.Options.IouThreshold, rules.DetectionsPerImage));
    }

    /// <summary>As <see cref="Nms.KeepPerClass"/>: the kept boxes, int64 [D], highest score first.</summary>
    /// <param name="boxes">[K, 4] xyxy.</param>
    /// <param name="scores">[K], in [0, 1].</param>
    /// <param name="groups">int64 [K]: boxes suppress only boxes of their group; null for one group.</param>
    /// <param name="count">Number of groups.</param>
    /// <param name="iouThreshold">The IoU above which one box suppresses another.</param>
    /// <param name="most">The largest number of boxes to keep.</param>
    public static OnnxValue Keep(OnnxValue boxes, OnnxValue scores, OnnxValue? groups, long count, double iouThreshold, long most)
    {
        OnnxGraphBuilder builder = boxes.Builder;
        OnnxValue perGroup = scores.Unsqueeze(0);                                                               // [groups, K]
        if (groups is not null)
        {
            OnnxValue own = builder.Op("Equal", groups.Unsqueeze(0), builder.Range(builder.Const([count])).Unsqueeze(1));
            perGroup = builder.Op("Where", own, perGroup, builder.Const(OtherGroup));
        }
        OnnxValue selected = builder.Op("NonMaxSuppression", boxes.Unsqueeze(0), perGroup.Unsqueeze(0), builder.Const([most]),
            builder.Const([(float)iouThreshold]), builder.Const([Threshold]));                                  // [D, 3]
        // Ordered by group; of equal scores, the first candidate comes first.
        OnnxValue kept = Selection.Ascending(selected.Gather(builder.Const(2L), 1)).Values;
        return kept.Gather(Selection.Highest(scores.Gather(kept), most).Indices);
    }
}
