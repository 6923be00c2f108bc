namespace Vision.Onnx;

/// <summary>What an output of an exported network means.</summary>
/// <param name="Name">Its name in ONNX's graph.</param>
/// <param name="Shape">Its shape in words, such as "[N, 21, height, width]".</param>
/// <param name="Meaning">What its values are, in words.</param>
public sealed record OnnxOutput(string Name, string Shape, string Meaning);
