using System.Runtime.InteropServices;
using TorchSharp;
using Vision.Ops.DeformableConvolution;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>
/// Deformable convolution, optionally modulated (Zhu et al. 2018, arXiv:1811.11168): each tap of the kernel samples at a learned offset.
/// Equal to <c>torchvision.ops.deform_conv2d</c>, with gradients for all inputs.
/// </summary>
/// <remarks>
/// On the CPU the toolkit's own kernels take the samples, a part of an image at a time, and only the inputs are kept for the backward
/// pass; second-order gradients are not supported there.
/// </remarks>
public static unsafe class DeformConv
{
    private static readonly CustomOperator op = new(
        "deform_conv2d(Tensor input, Tensor offset, Tensor weight, Tensor? bias, Tensor? mask, int stride, int padding, int dilation) " +
            "-> Tensor", &Kernel);

    /// <summary>Runs the operator <c>vision::deform_conv2d</c>.</summary>
    /// <param name="input">[N, C, H, W], floating point. Types narrower than float32 are computed in float32.</param>
    /// <param name="offset">
    /// [N, 2·G·kh·kw, Hₒ, Wₒ]: for each of G groups of channels and each kernel tap a vertical and a horizontal offset, in pixels.
    /// </param>
    /// <param name="weight">[O, C/groups, kh, kw].</param>
    /// <param name="bias">[O], or null.</param>
    /// <param name="stride">The stride.</param>
    /// <param name="padding">Zeros around the input.</param>
    /// <param name="dilation">The dilation.</param>
    /// <param name="mask">[N, G·kh·kw, Hₒ, Wₒ]: a factor on each sample; null for 1.</param>
    /// <returns>[N, O, Hₒ, Wₒ], in the input's type.</returns>
    /// <exception cref="ArgumentException">The tensors' shapes do not match, or their types or
    /// devices differ.</exception>
    public static Tensor Conv2d(
        Tensor input, Tensor offset, Tensor weight, Tensor? bias = null, long stride = 1, long padding = 0, long dilation = 1,
        Tensor? mask = null) =>
        op.Call(input, offset, weight, bias, mask, stride, padding, dilation);

    [UnmanagedCallersOnly]
    private static void Kernel(ulong* stack, ulong arguments, ulong results) => op.Run(stack, given =>
    {
        ScalarType type = given.Tensor(0).dtype;
        Tensor input = Wide(given.Tensor(0))!, offset = Wide(given.Tensor(1))!, weight = Wide(given.Tensor(2))!;
        Tensor? bias = Wide(given.OptionalTensor(3)), mask = Wide(given.OptionalTensor(4));
        DeformConvGeometry geometry = DeformConvGeometry.Of(input, offset, weight, bias, mask, given.Int(5), given.Int(6), given.Int(7));
        return Convolved(input, offset, weight, bias, mask, geometry).to(type);
    });

    private static Tensor Convolved(Tensor input, Tensor offset, Tensor weight, Tensor? bias, Tensor? mask, DeformConvGeometry geometry)
    {
        if (!KernelDevice.Has(input)) return DeformConvPortable.Conv2d(input, offset, weight, bias, mask, geometry);
        if (input.device_type == DeviceType.CUDA) return DeformColumnsFunction.Conv2d(input, offset, weight, bias, mask, geometry);
        return NeedsGradient(input, offset, weight, bias, mask)
            ? DeformConvFunction.apply(input, offset, weight, bias!, mask!, geometry)
            : DeformConvProduct.Forward(input, offset, weight, bias, mask, geometry);
    }

    private static bool NeedsGradient(params ReadOnlySpan<Tensor?> tensors)
    {
        if (!is_grad_enabled()) return false;
        foreach (Tensor? tensor in tensors)
        {
            if (tensor is { requires_grad: true }) return true;
        }
        return false;
    }

    private static Tensor? Wide(Tensor? tensor) => tensor is null ? null : Autocast.Widen(tensor);
}
