using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The anchors of a pyramid; the same for every image of a batch.</summary>
/// <param name="Boxes">[A, 4] xyxy in pixels of the padded image: level after level, and
/// in each row after row, column after column.</param>
/// <param name="PerLevel">How many of the A anchors each level has.</param>
public sealed record Anchors(Tensor Boxes, long[] PerLevel);
