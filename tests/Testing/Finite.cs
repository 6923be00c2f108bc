using TorchSharp;
using static TorchSharp.torch;

namespace Vision.Testing;

/// <summary>Checks for infinities and NaNs.</summary>
public static class Finite
{
    /// <summary>
    /// Whether all values are finite. Then and only then their sum is, values that overflow it aside; a sum takes one pass over the
    /// gradients of a large network, where isfinite().all() takes several.
    /// </summary>
    public static bool All(Tensor values)
    {
        using Tensor sum = values.sum();
        return double.IsFinite(sum.ToDouble());
    }
}
