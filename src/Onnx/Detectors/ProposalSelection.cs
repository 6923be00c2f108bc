using Vision.Detection;
using Vision.Onnx.Building;

namespace Vision.Onnx.Detectors;

/// <summary><see cref="ProposalFilter"/> for one image, in a graph.</summary>
internal static class ProposalSelection
{
    /// <summary>The proposals, [R, 4] xyxy, highest score first.</summary>
    /// <param name="filter">The parameters.</param>
    /// <param name="anchors">The anchors.</param>
    /// <param name="objectness">Logits, [A].</param>
    /// <param name="deltas">[A, 4].</param>
    /// <param name="image">The image.</param>
    public static OnnxValue Keep(ProposalFilter filter, AnchorGrid anchors, OnnxValue objectness, OnnxValue deltas, PreparedImage image)
    {
        OnnxGraphBuilder builder = objectness.Builder;
        List<OnnxValue> rows = [], levels = [];
        OnnxValue start = builder.Const([0L]);
        foreach (OnnxValue count in anchors.PerLevel)
        {
            OnnxValue end = start + count;
            OnnxValue surest = Selection.Highest(objectness.Slice([0], start, end), filter.TopPerLevel).Indices;
            levels.Add(builder.Const([(long)levels.Count]).Expand(surest.Shape()));
            rows.Add(surest + start);
            start = end;
        }
        OnnxValue row = builder.Concat(0, [.. rows]), level = builder.Concat(0, [.. levels]);                   // [K]
        OnnxValue scores = builder.Op("Sigmoid", objectness.Gather(row));
        OnnxValue boxes = BoxDecoding.Deltas(BoxCoder.ForProposals, deltas.Gather(row), anchors.Rows.Gather(row));
        boxes = BoxDecoding.Clip(boxes, image.Limits);
        OnnxValue valid = Selection.Where((BoxDecoding.ShorterSide(boxes) >= (float)ProposalFilter.MinSide)
            & (scores >= (float)filter.ScoreThreshold));
        boxes = boxes.Gather(valid);
        OnnxValue kept = Suppression.Keep(boxes, scores.Gather(valid), level.Gather(valid), anchors.PerLevel.Count, filter.NmsThreshold,
            filter.Proposals);
        return boxes.Gather(kept);
    }
}
