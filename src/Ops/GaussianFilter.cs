using Vision.Ops.Gaussian;
using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>
/// Gaussian filtering of values at points in a low-dimensional space, such as position and color: every point receives the sum over all
/// points j of their values, weighted by exp(−½ ‖f − fⱼ‖²). Built once for the points, it filters any values at them.
/// </summary>
/// <remarks>
/// It approximates on the permutohedral lattice (Adams, Baek &amp; Davis 2010, "Fast High-Dimensional Filtering Using the Permutohedral
/// Lattice") in time linear in the number of points: the error of means is some hundredths of the values' range, that of sums some tenths
/// where points are sparse.
/// </remarks>
public sealed class GaussianFilter : IDisposable
{
    private readonly PermutohedralLattice filter;

    /// <summary>A filter over the given points.</summary>
    /// <param name="features">
    /// [N, d], d from 1 to 15: the points' coordinates in standard deviations of the Gaussian. On the CPU; computed in float32.
    /// </param>
    /// <param name="normalized">
    /// Whether the weight of points i and j is divided by the square roots of the sums of weights at i and at j, as in Krähenbühl &amp;
    /// Koltun's code, which keeps it symmetric.
    /// </param>
    /// <exception cref="ArgumentException">The shape or the device is wrong, or a feature is not finite or too large.</exception>
    public GaussianFilter(Tensor features, bool normalized = false)
    {
        filter = new(features);
        if (!normalized) return;
        using var scope = NewDisposeScope();
        // Above zero: the sum includes the point's own weight.
        filter.Scale(filter.Apply(ones(features.shape[0], 1)).rsqrt());
    }

    /// <summary>Filters values; the sum includes a point's own with weight 1. No gradient flows.</summary>
    /// <param name="values">[N, C], floating point, on the CPU: C values at each point.</param>
    /// <returns>[N, C].</returns>
    /// <exception cref="ArgumentException">The number of points or the device of the values is wrong.</exception>
    public Tensor Apply(Tensor values)
    {
        using var noGradient = no_grad();
        return filter.Apply(values);
    }

    /// <inheritdoc/>
    public void Dispose() => filter.Dispose();
}
