using TorchSharp;
using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>
/// Initial values from a normal distribution truncated at ±2, like <c>torch.nn.init.trunc_normal_</c>:
/// equal seeds result in equal weights. TorchSharp's own <c>nn.init.trunc_normal_</c> swaps the mean and the standard
/// deviation, which makes all values the same constant.
/// </summary>
public static class TruncatedNormal
{
    private const double Bound = 2;

    /// <summary>Overwrites a tensor with values of mean 0 within [-2, 2].</summary>
    /// <param name="tensor">A floating-point tensor on any device.</param>
    /// <param name="deviation">The standard deviation before truncation, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is not above 0.</exception>
    public static void Fill(Tensor tensor, double deviation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(deviation);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        // By the inverse of the cumulative distribution. Its ends are infinite if the bound is
        // many deviations away, and are clamped.
        double end = torch.tensor(Bound / deviation / Math.Sqrt(2), float64).erf().item<double>();
        tensor.uniform_(-end, end).erfinv_().mul_(deviation * Math.Sqrt(2)).clamp_(-Bound, Bound);
    }
}
