using Vision.Detection;
using Vision.Onnx.Building;
using Vision.Onnx.Lowering;

namespace Vision.Onnx.Detectors;

/// <summary>The parts of a detector that compute from tensors alone, lowered.</summary>
internal static class DetectorParts
{
    /// <summary>The outputs of a part.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="part">The part's index in <see cref="Detector.Parts"/>.</param>
    /// <param name="inputs">Its inputs.</param>
    public static OnnxValue[] Call(Detector detector, int part, params OnnxValue[] inputs) =>
        [.. NetworkLowering.Add(inputs[0].Builder, detector.Parts[part].Trace(detector), inputs)];
}
