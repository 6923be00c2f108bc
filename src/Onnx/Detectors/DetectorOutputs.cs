using Vision.Onnx.Building;

namespace Vision.Onnx.Detectors;

/// <summary>The outputs of a detector's graph, highest score first.</summary>
/// <param name="Boxes">[D, 4] xyxy, in pixels of the original image.</param>
/// <param name="Scores">[D].</param>
/// <param name="Labels">int64 [D], 1..C.</param>
internal sealed record DetectorOutputs(OnnxValue Boxes, OnnxValue Scores, OnnxValue Labels)
{
    /// <summary>bool [D, H, W] in the original image; null if there are none.</summary>
    public OnnxValue? Masks { get; init; }

    /// <summary>x, y and logit, [D, K, 3], in pixels of the original image; null if there are none.</summary>
    public OnnxValue? Keypoints { get; init; }
}
