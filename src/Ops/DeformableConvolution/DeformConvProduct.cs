using static TorchSharp.torch;

namespace Vision.Ops.DeformableConvolution;

/// <summary>
/// Deformable convolution on the CPU and its gradients: band by band, samples are multiplied with the weights by libtorch. In
/// float32 or float64, for tensors that <see cref="DeformConvGeometry.Of"/> has checked. No gradients are recorded.
/// </summary>
internal static class DeformConvProduct
{
    // The number of values sampled per band: enough for an efficient product, but small enough for the cache.
    private const long ElementsPerBand = 1 << 19;

    /// <summary>The output.</summary>
    /// <returns>[N, O, Hₒ, Wₒ], channels-last if the input is.</returns>
    public static Tensor Forward(Tensor input, Tensor offset, Tensor weight, Tensor? bias, Tensor? mask, DeformConvGeometry geometry)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        (offset, mask) = (offset.contiguous(), mask?.contiguous());
        Tensor taps = Taps(weight, geometry), buffer = Buffer(input, geometry);
        Tensor output = Like(input, geometry.Outputs, geometry.OutHeight, geometry.OutWidth);
        if (bias is not null) output.copy_(bias.reshape(1, -1, 1, 1));
        for (long image = 0; image < geometry.Images; image++)
        {
            using var imageScope = NewDisposeScope();
            Tensor pixels = Pixels(input, image).contiguous(), result = Pixels(output, image).t();              // [H·W, C], [O, P]
            foreach (DeformConvBand band in Bands(image, geometry))
            {
                using var bandScope = NewDisposeScope();
                Tensor columns = Columns(buffer, band, geometry), part = result.narrow(1, band.First, band.Count);
                DeformConvCpu.Columns(pixels, offset, mask, geometry, band, columns);
                for (long group = 0; group < geometry.Groups; group++)
                    OfGroup(part, group, geometry).addmm_(taps.select(0, group), columns.select(0, group).t(), bias is null ? 0 : 1);
            }
        }
        return output.MoveToOuterDisposeScope();
    }

    /// <summary>The gradients for those inputs that require one.</summary>
    /// <returns>The gradients of input, offset, weight, bias and mask; null for those without one.</returns>
    public static Tensor?[] Backward(
        Tensor gradOutput, Tensor input, Tensor offset, Tensor weight, Tensor? bias, Tensor? mask, DeformConvGeometry geometry)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor taps = Taps(weight, geometry), buffer = Buffer(input, geometry);
        Tensor? gradInput = input.requires_grad ? Like(input, geometry.Channels, geometry.Height, geometry.Width).zero_() : null;
        Tensor? gradOffset = offset.requires_grad ? empty(offset.shape, offset.dtype) : null;
        Tensor? gradTaps = weight.requires_grad ? zeros_like(taps) : null;
        Tensor? gradMask = mask is { requires_grad: true } ? empty(mask.shape, mask.dtype) : null;
        bool scatters = gradInput is not null || gradOffset is not null || gradMask is not null;
        (offset, mask) = (offset.contiguous(), mask?.contiguous());
        for (long image = 0; image < geometry.Images; image++)
        {
            using var imageScope = NewDisposeScope();
            Tensor pixels = Pixels(input, image).contiguous(), upstream = Pixels(gradOutput, image).t();        // [H·W, C], [O, P]
            Tensor? target = gradInput is null ? null : Pixels(gradInput, image);
            Tensor? gradPixels = target is null || target.is_contiguous() ? target : zeros_like(pixels);        // [H·W, C]
            foreach (DeformConvBand band in Bands(image, geometry))
            {
                using var bandScope = NewDisposeScope();
                Tensor columns = Columns(buffer, band, geometry), part = upstream.narrow(1, band.First, band.Count);
                if (gradTaps is not null)
                {
                    DeformConvCpu.Columns(pixels, offset, mask, geometry, band, columns);
                    for (long group = 0; group < geometry.Groups; group++)
                        gradTaps.select(0, group).addmm_(OfGroup(part, group, geometry), columns.select(0, group));
                }
                if (!scatters) continue;
                for (long group = 0; group < geometry.Groups; group++)
                    columns.select(0, group).addmm_(OfGroup(part, group, geometry).t(), taps.select(0, group), 0);
                DeformConvCpu.ColumnsBackward(columns, pixels, offset, mask, geometry, band, gradPixels, gradOffset, gradMask);
            }
            // libtorch copies in blocks if the target is contiguous.
            if (!ReferenceEquals(gradPixels, target)) target!.t().copy_(gradPixels!.t());
        }
        Tensor? gradWeight = gradTaps?.reshape(geometry.Outputs, geometry.Places, -1).transpose(1, 2).reshape(weight.shape);
        Tensor? gradBias = bias is { requires_grad: true } ? gradOutput.sum([0, 2, 3]) : null;
        Tensor?[] gradients = [gradInput, gradOffset, gradWeight, gradBias, gradMask];
        foreach (Tensor? gradient in gradients) gradient?.MoveToOuterDisposeScope();
        return gradients;
    }

    // [groups, O/groups, K·C/groups], with the channels of a tap adjacent, as in the columns.
    private static Tensor Taps(Tensor weight, DeformConvGeometry geometry) =>
        weight.flatten(2).transpose(1, 2).reshape(geometry.Groups, geometry.Outputs / geometry.Groups, -1);

    // [H·W, C], a view for both memory formats of [N, C, H, W].
    private static Tensor Pixels(Tensor images, long image) => images.select(0, image).flatten(1).t();

    // Rows of [O, P].
    private static Tensor OfGroup(Tensor outputs, long group, DeformConvGeometry geometry)
    {
        long size = geometry.Outputs / geometry.Groups;
        return outputs.narrow(0, group * size, size);
    }

    private static Tensor Like(Tensor input, long channels, long height, long width) =>
        !input.is_contiguous() && input.permute(0, 2, 3, 1).is_contiguous()
            ? empty([input.shape[0], height, width, channels], input.dtype).permute(0, 3, 1, 2)
            : empty([input.shape[0], channels, height, width], input.dtype);

    private static long PositionsPerBand(DeformConvGeometry geometry)
    {
        long most = Math.Clamp(ElementsPerBand / (geometry.Places * geometry.Channels), 1, geometry.Positions);
        long bands = (geometry.Positions + most - 1) / most;
        return (geometry.Positions + bands - 1) / bands;
    }

    private static IEnumerable<DeformConvBand> Bands(long image, DeformConvGeometry geometry)
    {
        long size = PositionsPerBand(geometry);
        for (long first = 0; first < geometry.Positions; first += size)
            yield return new(image, first, Math.Min(size, geometry.Positions - first));
    }

    private static Tensor Buffer(Tensor input, DeformConvGeometry geometry) =>
        empty(PositionsPerBand(geometry) * geometry.Places * geometry.Channels, input.dtype);

    private static Tensor Columns(Tensor buffer, DeformConvBand band, DeformConvGeometry geometry) =>
        buffer.narrow(0, 0, band.Count * geometry.Places * geometry.Channels).view(geometry.Groups, band.Count, -1);
}
