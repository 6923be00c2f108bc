using Xunit;
using static TorchSharp.torch;

namespace Vision.Testing;

/// <summary>Comparison of tensors to a tolerance.</summary>
public static class Close
{
    /// <summary>
    /// Asserts that shapes agree and that no element differs by more than <paramref name="relativeTolerance"/> times the largest
    /// magnitude in <paramref name="expected"/>, or by <paramref name="floor"/> where that is more.
    /// Infinities and NaNs must stand at the same places. Dtypes may differ.
    /// </summary>
    /// <param name="actual">What the code under test made.</param>
    /// <param name="expected">The reference.</param>
    /// <param name="relativeTolerance">0 asks for equality.</param>
    /// <param name="name">What is compared, for the message.</param>
    /// <param name="floor">What rounding alone may make of numbers that are zero in truth; 0 for nothing.</param>
    public static void To(Tensor actual, Tensor expected, double relativeTolerance, string name = "tensor", double floor = 0)
    {
        using var scope = NewDisposeScope();
        if (!actual.shape.SequenceEqual(expected.shape))
            Assert.Fail($"{name}: the shape is [{string.Join(", ", actual.shape)}], expected [{string.Join(", ", expected.shape)}].");
        if (expected.numel() == 0 || (actual.dtype == expected.dtype && actual.device_type == expected.device_type
            && actual.Equals(expected))) return;

        Tensor a = actual.detach().cpu().to(float64).reshape(-1);
        Tensor e = expected.detach().cpu().to(float64).reshape(-1);
        // Not finite: equal, or both NaN. What is then left is finite and measured.
        Tensor alike = a.eq(e).logical_or(a.isnan().logical_and(e.isnan()));
        Tensor finite = e.isfinite();
        double scale = finite.any().item<bool>() ? where(finite, e, zeros_like(e)).abs().max().item<double>() : 0;
        Tensor difference = where(alike, zeros_like(a), (a - e).abs()).nan_to_num(double.PositiveInfinity);

        double limit = Math.Max(relativeTolerance * scale, floor);
        Tensor outside = difference.gt(limit);
        long count = outside.sum().item<long>();
        if (count == 0) return;
        long worst = difference.argmax().item<long>();
        Assert.Fail($"{name} {Index(worst, expected.shape)}: {a[worst].item<double>():G9}, expected {e[worst].item<double>():G9}; "
            + $"off by {difference[worst].item<double>():G3}, at most {limit:G3} is allowed "
            + $"({relativeTolerance:G3} of {scale:G6}). {count} of {expected.numel()} elements are outside.");
    }

    private static string Index(long flat, long[] shape)
    {
        long[] index = new long[shape.Length];
        for (int d = shape.Length - 1; d >= 0; d--) (flat, index[d]) = Math.DivRem(flat, shape[d]);
        return $"[{string.Join(", ", index)}]";
    }
}
