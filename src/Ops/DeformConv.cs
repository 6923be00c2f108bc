using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Ops;

/// <summary>
/// Deformable convolution, also modulated (Zhu et al. 2018, arXiv:1811.11168): each place of the kernel samples where an offset leads it. Equal to
/// <c>torchvision.ops.deform_conv2d</c>, with gradients for all inputs; composed of bilinear sampling and one matrix product.
/// </summary>
public static class DeformConv
{
    /// <summary>Convolves.</summary>
    /// <param name="input">[N, C, H, W].</param>
    /// <param name="offset">[N, 2·G·kh·kw, Hₒ, Wₒ]: for each of G groups of channels and each place of the kernel a shift down and a shift right, in pixels.</param>
    /// <param name="weight">[O, C/groups, kh, kw].</param>
    /// <param name="bias">[O], or null.</param>
    /// <param name="stride">Of the kernel.</param>
    /// <param name="padding">Zeros around the input.</param>
    /// <param name="dilation">Of the kernel.</param>
    /// <param name="mask">[N, G·kh·kw, Hₒ, Wₒ]: a factor on each sample; null for 1.</param>
    /// <returns>[N, O, Hₒ, Wₒ].</returns>
    /// <exception cref="ArgumentException">The offsets do not fit the kernel and the output.</exception>
    public static Tensor Conv2d(Tensor input, Tensor offset, Tensor weight, Tensor? bias = null, long stride = 1, long padding = 0, long dilation = 1, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        long images = input.shape[0], channels = input.shape[1], height = input.shape[2], width = input.shape[3];
        long kernelHeight = weight.shape[2], kernelWidth = weight.shape[3], places = kernelHeight * kernelWidth;
        long outHeight = OutSize(height, kernelHeight), outWidth = OutSize(width, kernelWidth);
        long offsetGroups = offset.shape[1] / (2 * places);
        if (!offset.shape.SequenceEqual([images, 2 * offsetGroups * places, outHeight, outWidth]) || offsetGroups == 0)
            throw new ArgumentException($"The offsets are [{string.Join(", ", offset.shape)}]; expected [{images}, a multiple of {2 * places}, {outHeight}, {outWidth}].", nameof(offset));

        Tensor place = arange(places, input.dtype, input.device);
        Tensor kernelRow = (place / kernelWidth).floor(), kernelColumn = place - kernelRow * kernelWidth;                               // [kh·kw]
        Tensor row = (kernelRow * dilation - padding).reshape(-1, 1, 1) + (arange(outHeight, input.dtype, input.device) * stride).reshape(1, -1, 1);
        Tensor column = (kernelColumn * dilation - padding).reshape(-1, 1, 1) + (arange(outWidth, input.dtype, input.device) * stride).reshape(1, 1, -1);
        Tensor shifts = offset.reshape(images, offsetGroups, places, 2, outHeight, outWidth);
        Tensor y = shifts.select(3, 0) + row, x = shifts.select(3, 1) + column;                                                         // [N, G, kh·kw, Hₒ, Wₒ]
        Tensor grid = stack([(2 * x + 1) / width - 1, (2 * y + 1) / height - 1], -1).reshape(images * offsetGroups, places * outHeight, outWidth, 2);

        Tensor sampled = grid_sample(input.reshape(images * offsetGroups, channels / offsetGroups, height, width), grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Zeros, false);
        if (mask is not null) sampled = sampled * mask.reshape(images * offsetGroups, 1, places * outHeight, outWidth);

        long groups = channels / weight.shape[1], taps = weight.shape[1] * places;
        Tensor columns = sampled.reshape(images, groups, taps, outHeight * outWidth);
        Tensor output = weight.reshape(groups, -1, taps).matmul(columns).reshape(images, weight.shape[0], outHeight, outWidth);
        if (bias is not null) output = output + bias.reshape(1, -1, 1, 1);
        return output.MoveToOuterDisposeScope();

        long OutSize(long size, long kernel) => (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;
    }
}
