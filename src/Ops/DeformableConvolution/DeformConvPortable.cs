using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Ops.DeformableConvolution;

/// <summary>
/// Deformable convolution composed of bilinear sampling and one matrix product, with their gradients: the slow reference for testing the
/// kernels, and the fallback on devices without one.
/// </summary>
internal static class DeformConvPortable
{
    /// <inheritdoc cref="DeformConv.Conv2d"/>
    public static Tensor Conv2d(Tensor input, Tensor offset, Tensor weight, Tensor? bias, Tensor? mask, DeformConvGeometry geometry)
    {
        using var scope = NewDisposeScope();
        (long channels, long height, long width) = (geometry.Channels, geometry.Height, geometry.Width);
        (long places, long outHeight, long outWidth) = (geometry.Places, geometry.OutHeight, geometry.OutWidth);
        long fields = geometry.Images * geometry.OffsetGroups;

        Tensor place = arange(places, input.dtype, input.device).reshape(-1, 1, 1);                             // [K, 1, 1]
        Tensor kernelRow = (place / geometry.KernelWidth).floor(), kernelColumn = place - kernelRow * geometry.KernelWidth;
        Tensor row = Starts(outHeight).reshape(1, -1, 1) + kernelRow * geometry.Dilation;                       // [K, Hₒ, 1]
        Tensor column = Starts(outWidth).reshape(1, 1, -1) + kernelColumn * geometry.Dilation;                  // [K, 1, Wₒ]
        Tensor shifts = offset.reshape(fields, places, 2, outHeight, outWidth);
        Tensor y = shifts.select(2, 0) + row, x = shifts.select(2, 1) + column;                                 // [N·G, K, Hₒ, Wₒ]
        Tensor grid = stack([(2 * x + 1) / width - 1, (2 * y + 1) / height - 1], -1).reshape(fields, places * outHeight, outWidth, 2);

        Tensor images = input.reshape(fields, channels / geometry.OffsetGroups, height, width);
        Tensor sampled = grid_sample(images, grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Zeros, false);
        if (mask is not null) sampled = sampled * mask.reshape(fields, 1, places * outHeight, outWidth);

        return Product(sampled, weight, bias, geometry).MoveToOuterDisposeScope();

        // Where the kernel starts along one axis.
        Tensor Starts(long count) => arange(count, input.dtype, input.device) * geometry.Stride - geometry.Padding;
    }

    /// <summary>The matrix product of the samples [N, C·K, P], in any shape of as many elements, with the weights.</summary>
    /// <returns>[N, O, Hₒ, Wₒ].</returns>
    public static Tensor Product(Tensor sampled, Tensor weight, Tensor? bias, DeformConvGeometry geometry)
    {
        using var scope = NewDisposeScope();
        long taps = geometry.Channels / geometry.Groups * geometry.Places;
        Tensor columns = sampled.reshape(geometry.Images, geometry.Groups, taps, geometry.Positions);
        Tensor products = weight.reshape(geometry.Groups, -1, taps).matmul(columns);                            // [N, groups, O/groups, P]
        Tensor output = products.reshape(geometry.Images, geometry.Outputs, geometry.OutHeight, geometry.OutWidth);
        if (bias is not null) output = output + bias.reshape(1, -1, 1, 1);
        return output.MoveToOuterDisposeScope();
    }
}
