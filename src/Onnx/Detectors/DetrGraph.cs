using Vision.Detection;
using Vision.Onnx.Building;

namespace Vision.Onnx.Detectors;

/// <summary>A <see cref="Detr"/> as a graph: what its <c>PredictAt</c> does for one image, which has no padding.</summary>
internal static class DetrGraph
{
    /// <summary>The detections, one for each query.</summary>
    public static DetectorOutputs Detect(Detr detector, DetectorParts parts, OnnxValue pixels)
    {
        OnnxGraphBuilder builder = pixels.Builder;
        PreparedImage image = PreparedImage.Of(pixels, detector.Input, padded: false);
        OnnxValue map = parts.Call(0, image.Pixels)[0];                                         // [1, width, h, w]
        OnnxValue valid = builder.Const(true).Expand(builder.Concat(0, builder.Const([1L]), map.Sizes(2)));     // [1, h, w]
        // In float32: one of its inputs is bool, and it is small. [1, 1, Q, classes + 1] and [1, 1, Q, 4]
        OnnxValue[] found = (parts with { Half = false }).Call(1, map, valid);
        // Output 0 is unused, and the last is "no object".
        OnnxValue probabilities = builder.Op("Softmax", [found[0].Squeeze(0, 1)], ("axis", 1)).Slice(1, 1, -1);
        OnnxValue scores = builder.Op("ReduceMax", [probabilities], ("axes", (long[])[1]), ("keepdims", 0));
        OnnxValue labels = builder.Op("ArgMax", [probabilities], ("axis", 1), ("keepdims", 0)) + 1L;
        OnnxValue limits = image.OriginalLimits;
        OnnxValue boxes = BoxDecoding.Clip(BoxDecoding.Centers(found[1].Squeeze(0, 1)) * limits, limits);
        FoundObjects sorted = new FoundObjects(boxes, scores, labels).At(Selection.Highest(scores, long.MaxValue).Indices);
        return new(sorted.Boxes, sorted.Scores, sorted.Labels);
    }
}
