using Vision.Onnx.Building;
using static TorchSharp.torch;

namespace Vision.Onnx.Lowering;

/// <summary>
/// Deformable convolution: every tap of the kernel samples the input at its own places, by GridSample, and the samples of all taps are the
/// channels of a 1×1 convolution.
/// </summary>
internal static class DeformableLowering
{
    /// <summary>Lowers <c>vision::deform_conv2d</c>, with G groups of offsets and K taps.</summary>
    public static OnnxValue Lower(LoweredNode a)
    {
        OnnxGraphBuilder builder = a.Builder;
        OnnxValue x = a.Value(0), offset = a.Value(1);                                              // [N, C, H, W], [N, 2GK, h, w]
        Tensor weight = a.Weight(2);                                                                // [O, C/g, kh, kw]
        long outputs = weight.shape[0], columns = weight.shape[3], taps = weight.shape[2] * columns;
        long channels = a.Channels(0), groups = a.Channels(1) / (2 * taps), inputs = weight.shape[1] * taps;
        long stride = a.Long(5), padding = a.Long(6), dilation = a.Long(7);

        OnnxValue size = offset.Sizes(2), width = size.Slice(0, 1, 2);                              // [h, w], [w]
        OnnxValue shifts = offset.Reshape(builder.Concat(0, builder.Const([-1L, taps, 2]), size));  // [N·G, K, 2, h, w]
        OnnxValue rows = Places(0, builder.Range(size.Slice(0, 0, 1)).Unsqueeze(1), tap => tap / columns);
        OnnxValue places = Places(1, builder.Range(width), tap => tap % columns);
        // GridSample's coordinates: −1 and 1 are the outer borders of the first and last pixels.
        OnnxValue grid = builder.Concat(-1, Relative(places, x.Size(3)), Relative(rows, x.Size(2)));             // [N·G, K, h, w, 2]
        grid = grid.Reshape(builder.Concat(0, builder.Const([0L, -1]), width, builder.Const([2L])));            // [N·G, K·h, w, 2]

        OnnxValue parts = x.Reshape(builder.Concat(0, builder.Const([-1L, channels / groups]), x.Sizes(2)));    // [N·G, C/G, H, W]
        OnnxValue samples = builder.Op("GridSample", [parts, grid],
            ("mode", "bilinear"), ("padding_mode", "zeros"), ("align_corners", 0));                             // [N·G, C/G, K·h, w]
        samples = samples.Reshape(builder.Concat(0, builder.Const([-1L, channels / groups, taps]), size));      // [N·G, C/G, K, h, w]
        if (a.Optional(4) is { } mask) samples *= mask.Reshape(builder.Concat(0, builder.Const([-1L, 1, taps]), size));
        samples = samples.Reshape(builder.Concat(0, builder.Const([-1L, channels * taps]), size));              // [N, C·K, h, w]
        return builder.Op("Conv", [samples, a.Value(2).Reshape(outputs, inputs, 1, 1), a.Optional(3)],
            ("kernel_shape", (long[])[1, 1]), ("group", channels * taps / inputs));

        // Where the taps are in the input, in pixels, [N·G, K, h, w].
        OnnxValue Places(long part, OnnxValue index, Func<int, long> tapIndex)
        {
            float[] own = [.. Enumerable.Range(0, (int)taps).Select(tap => (float)(tapIndex(tap) * dilation - padding))];
            return shifts.Gather(builder.Const(part), 2) + builder.Const(own, taps, 1, 1) + (index * stride).Cast(DataType.Float);
        }
    }

    private static OnnxValue Relative(OnnxValue place, OnnxValue length) =>
        ((place * 2f + 1f) / length.Cast(DataType.Float) - 1f).Unsqueeze(-1);
}
