using Vision.Detection;
using Vision.Onnx.Building;
using Vision.Onnx.Lowering;

namespace Vision.Onnx.Detectors;

/// <summary>The parts of a detector that compute from tensors alone, lowered.</summary>
/// <param name="Detector">The detector.</param>
/// <param name="Classes">Number of its classes, without background.</param>
/// <param name="Half">Whether its parts compute in float16.</param>
internal sealed record DetectorParts(Detector Detector, long Classes, bool Half)
{
    /// <summary>The outputs of a part.</summary>
    /// <param name="part">The part's index in <see cref="Detector.Parts"/>.</param>
    /// <param name="inputs">Its inputs.</param>
    public OnnxValue[] Call(int part, params OnnxValue[] inputs) =>
        [.. NetworkLowering.Add(inputs[0].Builder, Detector.Parts[part].Trace(Detector), Half, inputs)];
}
