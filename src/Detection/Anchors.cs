using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The anchors of a pyramid; the same for every image of a batch.</summary>
/// <param name="Boxes">[A, 4] xyxy in pixels of the padded image, ordered by level,
/// row and column.</param>
/// <param name="PerLevel">How many of the A anchors belong to each level.</param>
public sealed record Anchors(Tensor Boxes, long[] PerLevel);
