using Vision.Graphs;
using Vision.Onnx.Building;
using Vision.Ops.Convolution;
using static TorchSharp.torch;

namespace Vision.Onnx.Lowering;

/// <summary>Convolutions.</summary>
internal static class ConvolutionLowerings
{
    /// <summary>The operators.</summary>
    public static IEnumerable<KeyValuePair<string, Func<LoweredNode, OnnxValue>>> Table { get; } =
        new Dictionary<string, Func<LoweredNode, OnnxValue>>
        {
            [ConvolutionPasses.Operator] = Plain,
            ["aten::_convolution"] = Transposed,                    // only transposed ones are left
            ["vision::deform_conv2d"] = Deformable,
        };

    private static OnnxValue Plain(LoweredNode a)
    {
        ConvolutionGeometry geometry = a.Constant<ConvolutionGeometry>(4);
        return a.Builder.Op("Conv", [a.Value(0), a.Value(1), a.Optional(2)], ("kernel_shape", a.Weight(1).shape[2..]),
            ("strides", geometry.Stride), ("pads", (long[])[.. geometry.Padding, .. geometry.Padding]), ("dilations", geometry.Dilation), ("group", geometry.Groups));
    }

    private static OnnxValue Transposed(LoweredNode a) =>
        a.Builder.Op("ConvTranspose", [a.Value(0), a.Value(1), a.Optional(2)], ("kernel_shape", a.Weight(1).shape[2..]),
            ("strides", a.Sides(3)), ("pads", a.Padding(4)), ("dilations", a.Sides(5)),
            ("output_padding", a.Sides(7)), ("group", a.Long(8)));

    /// <summary>
    /// Deformable convolution: every tap of the kernel samples the input at its own place, by GridSample, and the samples of all taps are
    /// the channels of a 1×1 convolution.
    /// </summary>
    private static OnnxValue Deformable(LoweredNode a)
    {
        OnnxGraphBuilder builder = a.Builder;
        OnnxValue x = a.Value(0), offset = a.Value(1);                                  // [N, C, H, W], [N, 2GK, h, w]
        Tensor weight = a.Weight(2);                                                    // [O, C/g, kh, kw]
        long rows = weight.shape[2], columns = weight.shape[3], taps = rows * columns;
        long stride = a.Long(5), padding = a.Long(6), dilation = a.Long(7);
        long channels = a.Channels(0), groups = a.Channels(1) / (2 * taps);             // G

        OnnxValue size = offset.Sizes(2);                                               // [h, w]
        OnnxValue grouped = offset.Reshape(builder.Concat(0, builder.Const([-1L, taps, 2]), size));             // [N·G, K, 2, h, w]
        OnnxValue vertical = Places(grouped, 0, size.Slice(0, 0, 1), [.. Taps(taps, tap => tap / columns)], -2);
        OnnxValue horizontal = Places(grouped, 1, size.Slice(0, 1, 2), [.. Taps(taps, tap => tap % columns)], -1);
        // GridSample's coordinates: −1 and 1 are the outer borders of the first and last pixels.
        OnnxValue grid = builder.Concat(-1, Relative(horizontal, x.Size(3)), Relative(vertical, x.Size(2)));    // [N·G, K, h, w, 2]
        grid = grid.Reshape(builder.Concat(0, builder.Const([0L, -1]), size.Slice(0, 1, 2), builder.Const([2L])));
        OnnxValue parts = x.Reshape(builder.Concat(0, builder.Const([-1L, channels / groups]), x.Sizes(2)));
        OnnxValue samples = builder.Op("GridSample", [parts, grid], ("mode", "bilinear"), ("padding_mode", "zeros"),
            ("align_corners", 0));                                                      // [N·G, C/G, K·h, w]
        samples = samples.Reshape(builder.Concat(0, builder.Const([-1L, channels / groups, taps]), size));      // [N·G, C/G, K, h, w]
        if (a.Optional(4) is { } mask)
            samples *= mask.Reshape(builder.Concat(0, builder.Const([-1L, 1, taps]), size));
        samples = samples.Reshape(builder.Concat(0, builder.Const([-1L, channels * taps]), size));              // [N, C·K, h, w]
        long inputs = weight.shape[1] * taps;
        return builder.Op("Conv", [samples, a.Value(2).Reshape(weight.shape[0], inputs, 1, 1), a.Optional(3)],
            ("kernel_shape", (long[])[1, 1]), ("group", channels * taps / inputs));

        // Where the taps are, in pixels, [N·G, K, h, w].
        OnnxValue Places(OnnxValue offsets, long part, OnnxValue count, float[] own, int axis)
        {
            OnnxValue positions = builder.Op("Range", builder.Const(0L), count.Squeeze(0), builder.Const(1L)).Cast(DataType.Float)
                * (float)stride - (float)padding;
            if (axis == -2) positions = positions.Unsqueeze(1);
            return offsets.Gather(builder.Const(part), 2) + builder.Const(own, taps, 1, 1) + positions;
        }

        IEnumerable<float> Taps(long count, Func<long, long> index) =>
            Enumerable.Range(0, (int)count).Select(tap => (float)(index(tap) * dilation));

        static OnnxValue Relative(OnnxValue place, OnnxValue length) =>
            ((place * 2f + 1f) / length.Cast(DataType.Float) - 1f).Unsqueeze(-1);
    }
}
