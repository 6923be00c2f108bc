using Vision.Onnx.Building;

namespace Vision.Onnx.Detectors;

/// <summary>Objects, or candidates for them.</summary>
/// <param name="Boxes">[K, 4] xyxy, in pixels of the image as fed to the network.</param>
/// <param name="Scores">[K].</param>
/// <param name="Labels">int64 [K], 1..C.</param>
internal sealed record FoundObjects(OnnxValue Boxes, OnnxValue Scores, OnnxValue Labels)
{
    /// <summary>Some of them.</summary>
    /// <param name="indices">int64.</param>
    public FoundObjects At(OnnxValue indices) => new(Boxes.Gather(indices), Scores.Gather(indices), Labels.Gather(indices));
}
