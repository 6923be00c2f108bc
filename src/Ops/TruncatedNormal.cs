using TorchSharp;
using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>
/// Initial values from a normal distribution that is cut off at ±2, as <c>torch.nn.init.trunc_normal_</c> draws them:
/// equal seeds give equal weights. TorchSharp's own <c>nn.init.trunc_normal_</c> takes the mean for the standard
/// deviation and the other way round, which makes all values one constant.
/// </summary>
public static class TruncatedNormal
{
    private const double Bound = 2;

    /// <summary>Overwrites a tensor with values of mean 0 within [-2, 2].</summary>
    /// <param name="tensor">The tensor, of floating point, on any device.</param>
    /// <param name="deviation">The standard deviation before the cut, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is not above 0.</exception>
    public static void Fill(Tensor tensor, double deviation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(deviation);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        // By the inverse of the cumulative distribution. Its ends are infinite where the cut lies
        // many deviations out, and the clamp brings them back.
        double end = torch.tensor(Bound / deviation / Math.Sqrt(2), float64).erf().item<double>();
        tensor.uniform_(-end, end).erfinv_().mul_(deviation * Math.Sqrt(2)).clamp_(-Bound, Bound);
    }
}
