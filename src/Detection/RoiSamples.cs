using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The regions that the second stage is trained on, and what it should say of them.</summary>
/// <param name="Regions">The sampled regions of each image, [Rᵢ, 4] xyxy.</param>
/// <param name="Labels">int64 [R] over all images: 1..C, or 0 for background.</param>
/// <param name="MatchedBoxes">[R, 4]: the object that each region is to find; of background, nothing of use.</param>
public sealed record RoiSamples(Tensor[] Regions, Tensor Labels, Tensor MatchedBoxes);
