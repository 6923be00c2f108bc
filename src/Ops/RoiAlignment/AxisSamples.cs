using static TorchSharp.torch;

namespace Vision.Ops.RoiAlignment;

/// <summary>The samples of r regions along one axis: pixels and linear weights, each [r, bins · grid].</summary>
/// <param name="Low">The pixel before each sample, int64.</param>
/// <param name="High">The pixel after it.</param>
/// <param name="LowWeight">The weight of the pixel before; both are zero for a sample more than one pixel outside.</param>
/// <param name="HighWeight">The weight of the pixel after.</param>
internal sealed record AxisSamples(Tensor Low, Tensor High, Tensor LowWeight, Tensor HighWeight)
{
    /// <summary>Spreads <paramref name="grid"/> samples evenly over each of the bins.</summary>
    /// <param name="start">[r], in feature pixels.</param>
    /// <param name="extent">[r], in feature pixels.</param>
    /// <param name="bins">Number of bins along the axis.</param>
    /// <param name="grid">Number of samples per bin.</param>
    /// <param name="size">Number of pixels along the axis.</param>
    public static AxisSamples Of(Tensor start, Tensor extent, long bins, long grid, long size)
    {
        Tensor sample = arange(bins * grid, start.dtype, start.device);                // [bins · grid]
        Tensor bin = (sample / grid).floor();
        Tensor binSize = (extent / bins).unsqueeze(1);                                   // [r, 1]
        Tensor position = start.unsqueeze(1) + bin * binSize + (sample - bin * grid + 0.5) * binSize / grid;
        Tensor inside = (position >= -1).logical_and(position <= size).to(start.dtype);
        position = position.clamp(0, size - 1);
        Tensor low = position.floor();
        Tensor fraction = position - low;
        return new AxisSamples(
            low.to(int64), (low + 1).clamp_max(size - 1).to(int64), (1 - fraction) * inside, fraction * inside);
    }
}
