using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>The identity with a scaled gradient, so that several heads on the same
/// features do not train them more than one would.</summary>
public static class GradientScale
{
    /// <summary>A copy of a tensor whose gradient is multiplied by a factor.</summary>
    /// <param name="x">Any tensor.</param>
    /// <param name="factor">The gradient's factor.</param>
    public static Tensor Apply(Tensor x, double factor) => is_grad_enabled() && x.requires_grad ? Scaled.apply(x, factor) : x.alias();

    private sealed class Scaled : autograd.SingleTensorFunction<Scaled>
    {
        private const string FactorKey = "factor";

        public override string Name => nameof(GradientScale);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_data(FactorKey, vars[1]);
            return ((Tensor)vars[0]).clone();
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
            [grad_output * (double)ctx.get_data(FactorKey), null!];
    }
}
