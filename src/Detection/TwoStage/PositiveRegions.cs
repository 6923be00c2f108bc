using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The sampled regions that are matched with an object.</summary>
/// <param name="Regions">The regions of each image, [Pᵢ, 4] xyxy.</param>
/// <param name="Matches">For each image int64 [Pᵢ]: the row of each region's object among the image's objects.</param>
/// <param name="Labels">int64 [P] over all images, 1..C.</param>
internal sealed record PositiveRegions(Tensor[] Regions, Tensor[] Matches, Tensor Labels);
