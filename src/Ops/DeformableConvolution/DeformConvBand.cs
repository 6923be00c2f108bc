namespace Vision.Ops.DeformableConvolution;

/// <summary>A part of the output, small enough that what it samples fits into the cache.</summary>
/// <param name="Image">The image in the batch.</param>
/// <param name="First">The first position, as row · Wₒ + column.</param>
/// <param name="Count">Positions.</param>
internal readonly record struct DeformConvBand(long Image, long First, long Count);
