using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Boxes that may become detections, of all images of a batch.</summary>
/// <param name="Boxes">[K, 4] xyxy, in pixels of the images as the network sees them.</param>
/// <param name="Scores">[K], in [0, 1].</param>
/// <param name="Labels">int64 [K], 1..C.</param>
/// <param name="Images">int64 [K]: which image of the batch.</param>
internal sealed record Candidates(Tensor Boxes, Tensor Scores, Tensor Labels, Tensor Images);
