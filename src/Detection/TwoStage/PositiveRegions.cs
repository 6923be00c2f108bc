using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The regions of a sample that are to find an object.</summary>
/// <param name="Regions">Those of each image, [Pᵢ, 4] xyxy.</param>
/// <param name="Matches">For each image int64 [Pᵢ]: the row of each region's object among the image's.</param>
/// <param name="Labels">int64 [P] over all images, 1..C.</param>
public sealed record PositiveRegions(Tensor[] Regions, Tensor[] Matches, Tensor Labels);
