using static TorchSharp.torch;

namespace Vision.Ops.DeformableConvolution;

/// <summary>
/// <see cref="DeformConvProduct"/> for autograd. Its arguments are input, offset, weight, bias or null, mask or null, and the <see
/// cref="DeformConvGeometry"/>. Between the passes it keeps only these tensors. Second-order gradients are not supported.
/// </summary>
internal sealed class DeformConvFunction : autograd.SingleTensorFunction<DeformConvFunction>
{
    private const string GeometryKey = "geometry";

    public override string Name => nameof(DeformConv);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (input, offset, weight, bias, mask) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (Tensor?)vars[3], (Tensor?)vars[4]);
        var geometry = (DeformConvGeometry)vars[5];
        ctx.save_data(GeometryKey, geometry);
        ctx.save_for_backward([input, offset, weight, bias!, mask!]);
        ctx.set_materialize_grads(false);
        return DeformConvProduct.Forward(input, offset, weight, bias, mask, geometry);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        if (grad_output.IsInvalid) return [null!, null!, null!, null!, null!, null!];
        using var scope = NewDisposeScope();
        List<Tensor> saved = ctx.get_saved_variables();
        Tensor?[] gradients = DeformConvProduct.Backward(
            grad_output, saved[0], saved[1], saved[2], saved[3], saved[4], (DeformConvGeometry)ctx.get_data(GeometryKey));
        foreach (Tensor? gradient in gradients) gradient?.MoveToOuterDisposeScope();
        return [.. gradients.Select(gradient => gradient!), null!];
    }
}
