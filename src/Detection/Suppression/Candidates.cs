using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The candidate boxes of all images of a batch, before suppression.</summary>
/// <param name="Boxes">[K, 4] xyxy, in pixels of the images as fed to the network.</param>
/// <param name="Scores">[K], in [0, 1].</param>
/// <param name="Labels">int64 [K], 1..C.</param>
/// <param name="Images">int64 [K]: the index of the image in the batch.</param>
internal sealed record Candidates(Tensor Boxes, Tensor Scores, Tensor Labels, Tensor Images);
