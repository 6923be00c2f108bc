namespace Vision.Ops.DeformableConvolution;

/// <summary>A part of the output, small enough that its samples fit into the cache.</summary>
/// <param name="Image">The index of the image in the batch.</param>
/// <param name="First">The first position, as row · Wₒ + column.</param>
/// <param name="Count">Number of positions.</param>
internal readonly record struct DeformConvBand(long Image, long First, long Count);
