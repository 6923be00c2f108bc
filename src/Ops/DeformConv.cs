using TorchSharp;
using Vision.Ops.DeformableConvolution;
using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>
/// Deformable convolution, also modulated (Zhu et al. 2018, arXiv:1811.11168): each place of the kernel samples where an offset leads it.
/// Equal to <c>torchvision.ops.deform_conv2d</c>, with gradients for all inputs.
/// </summary>
/// <remarks>
/// On the CPU the samples are taken by kernels of the project's own, of a part of an image at a time, and only the inputs are kept for the
/// gradients; gradients of gradients are not supported there.
/// </remarks>
public static class DeformConv
{
    /// <summary>Convolves.</summary>
    /// <param name="input">[N, C, H, W], floating point. Types narrower than float32 are computed in float32.</param>
    /// <param name="offset">
    /// [N, 2·G·kh·kw, Hₒ, Wₒ]: for each of G groups of channels and each place of the kernel a shift down and a shift right, in pixels.
    /// </param>
    /// <param name="weight">[O, C/groups, kh, kw].</param>
    /// <param name="bias">[O], or null.</param>
    /// <param name="stride">Of the kernel.</param>
    /// <param name="padding">Zeros around the input.</param>
    /// <param name="dilation">Of the kernel.</param>
    /// <param name="mask">[N, G·kh·kw, Hₒ, Wₒ]: a factor on each sample; null for 1.</param>
    /// <returns>[N, O, Hₒ, Wₒ], in the input's type.</returns>
    /// <exception cref="ArgumentException">
    /// The tensors do not fit each other, or are of different types or on different devices.
    /// </exception>
    public static Tensor Conv2d(
        Tensor input, Tensor offset, Tensor weight, Tensor? bias = null, long stride = 1, long padding = 0, long dilation = 1,
        Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        ScalarType type = input.dtype;
        (input, offset, weight, bias, mask) = (Wide(input), Wide(offset), Wide(weight), WideOrNull(bias), WideOrNull(mask));
        DeformConvGeometry geometry = DeformConvGeometry.Of(input, offset, weight, bias, mask, stride, padding, dilation);
        Tensor output = input.device_type != DeviceType.CPU ? DeformConvPortable.Conv2d(input, offset, weight, bias, mask, geometry)
            : NeedsGradient(input, offset, weight, bias, mask) ? DeformConvFunction.apply(input, offset, weight, bias!, mask!, geometry)
            : DeformConvProduct.Forward(input, offset, weight, bias, mask, geometry);
        return output.to(type).MoveToOuterDisposeScope();
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

    private static Tensor Wide(Tensor tensor) => tensor.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? tensor.to(float32) : tensor;

    private static Tensor? WideOrNull(Tensor? tensor) => tensor is null ? null : Wide(tensor);
}
