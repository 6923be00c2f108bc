using TorchSharp;
using static TorchSharp.torch;

namespace Vision.Graphs;

/// <summary>A batch norm in prediction, which the convolution before it can do with other weights.</summary>
/// <param name="Scale">[K], or null for ones.</param>
/// <param name="Shift">[K], or null for zeros.</param>
/// <param name="Mean">[K].</param>
/// <param name="Variance">[K].</param>
/// <param name="Epsilon">Added to the variance.</param>
internal sealed record FoldedBatchNorm(Tensor? Scale, Tensor? Shift, Tensor Mean, Tensor Variance, double Epsilon)
{
    /// <summary>The batch norm of a node.</summary>
    public static FoldedBatchNorm Of(GraphNode norm)
    {
        object?[] n = [.. norm.Operands.Select(operand => operand.Constant)];
        return new((Tensor?)n[1], (Tensor?)n[2], (Tensor)n[3]!, (Tensor)n[4]!, (double)n[7]!);
    }

    /// <summary>The weights of a convolution that does both.</summary>
    /// <param name="weight">The convolution's own, [K, C, kh, kw].</param>
    /// <param name="bias">[K], or null.</param>
    public (Tensor Weight, Tensor Bias) Into(Tensor weight, Tensor? bias)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor mean = Mean.to(float64);
        Tensor scale = (Scale?.to(float64) ?? ones_like(mean)) / (Variance.to(float64) + Epsilon).sqrt();
        Tensor shift = ((bias?.to(float64) ?? zeros_like(mean)) - mean) * scale;
        if (Shift is not null) shift = shift + Shift.to(float64);
        return ((weight * scale.to(float32).view(-1, 1, 1, 1)).MoveToOuterDisposeScope(), shift.to(float32).MoveToOuterDisposeScope());
    }
}
