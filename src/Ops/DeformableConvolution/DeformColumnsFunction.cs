using Vision.Ops.Cuda;
using static TorchSharp.torch;

namespace Vision.Ops.DeformableConvolution;

/// <summary>
/// Deformable convolution on CUDA: a kernel takes the samples of the whole batch, and libtorch multiplies them with the weights. The
/// arguments are input, offset, mask or null, and the <see cref="DeformConvGeometry"/>.
/// </summary>
internal sealed class DeformColumnsFunction : autograd.SingleTensorFunction<DeformColumnsFunction>
{
    private const string GeometryKey = "geometry";

    public override string Name => nameof(DeformConvCuda);

    /// <inheritdoc cref="DeformConv.Conv2d"/>
    public static Tensor Conv2d(Tensor input, Tensor offset, Tensor weight, Tensor? bias, Tensor? mask, DeformConvGeometry geometry)
    {
        bool hasGradient = is_grad_enabled() && (input.requires_grad || offset.requires_grad || mask is { requires_grad: true });
        using Tensor columns = hasGradient ? apply(input, offset, mask!, geometry) : Columns(input, offset, mask, geometry);
        return DeformConvPortable.Product(columns, weight, bias, geometry);
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (input, offset, mask, geometry) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor?)vars[2], (DeformConvGeometry)vars[3]);
        ctx.save_data(GeometryKey, geometry);
        ctx.save_for_backward([input, offset, mask!]);
        return Columns(input, offset, mask, geometry);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        List<Tensor> saved = ctx.get_saved_variables();
        var geometry = (DeformConvGeometry)ctx.get_data(GeometryKey);
        var (input, offset, mask) = DeformConvCuda.ColumnsBackward(
            grad_output, saved[0], saved[1], saved[2],
            geometry.KernelHeight, geometry.KernelWidth, geometry.Stride, geometry.Padding, geometry.Dilation);
        return [input, offset, mask!, null!];
    }

    private static Tensor Columns(Tensor input, Tensor offset, Tensor? mask, DeformConvGeometry geometry) => DeformConvCuda.Columns(
        input, offset, mask, geometry.KernelHeight, geometry.KernelWidth, geometry.Stride, geometry.Padding, geometry.Dilation);
}
