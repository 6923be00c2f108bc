namespace Vision.Ops.RoiAlignment;

/// <summary>How regions are sampled.</summary>
/// <param name="OutHeight">Rows of bins.</param>
/// <param name="OutWidth">Columns of bins.</param>
/// <param name="SpatialScale">Feature pixels per image pixel.</param>
/// <param name="SamplingRatio">Samples per bin along each axis; 0 or less for about one per feature pixel.</param>
/// <param name="Aligned">Whether pixel centers are at half-integer coordinates.</param>
internal readonly record struct RoiAlignOptions(long OutHeight, long OutWidth, double SpatialScale, long SamplingRatio, bool Aligned);
