using Vision.Onnx.Building;

namespace Vision.Onnx.Lowering;

/// <summary>Pooling.</summary>
internal static class PoolingLowerings
{
    /// <summary>The operators.</summary>
    public static IEnumerable<KeyValuePair<string, Func<LoweredNode, OnnxValue>>> Table { get; } =
        new Dictionary<string, Func<LoweredNode, OnnxValue>>
        {
            ["aten::adaptive_avg_pool2d"] = Adaptive,
            ["aten::avg_pool2d"] = Average,
            ["aten::max_pool2d"] = a => a.Builder.Op("MaxPool", [a.Value(0)], ("kernel_shape", a.Sides(1)), ("strides", Strides(a)),
                ("pads", a.Padding(3)), ("dilations", a.Sides(4)), ("ceil_mode", a.Flag(5) ? 1 : 0)),
        };

    private static OnnxValue Average(LoweredNode a) => !a.IsNone(6) ? throw a.Refused("it has a divisor of its own")
        : a.Builder.Op("AveragePool", [a.Value(0)], ("kernel_shape", a.Sides(1)), ("strides", Strides(a)), ("pads", a.Padding(3)),
            ("ceil_mode", a.Flag(4) ? 1 : 0), ("count_include_pad", a.Flag(5) ? 1 : 0));

    // libtorch's stride, where none is given, is the size of the kernel.
    private static long[] Strides(LoweredNode a) => a.Sides(2) is { Length: > 0 } strides ? strides : a.Sides(1);

    private static OnnxValue Adaptive(LoweredNode a)
    {
        OnnxValue x = a.Value(0);                                                                   // [N, C, H, W]
        if (a.Sides(1) is not [long rows, long columns]) throw a.Refused("it has no two sizes");
        if ((rows, columns) == (1, 1)) return a.Builder.Op("GlobalAveragePool", x);
        OnnxValue wide = a.Builder.Op("MatMul", x, Bins(x.Size(3), columns).Transpose(1, 0));        // [N, C, H, columns]
        return a.Builder.Op("MatMul", Bins(x.Size(2), rows), wide);                                  // [N, C, rows, columns]
    }

    /// <summary>The matrix that averages a side's pixels in bins: bin i of b goes from ⌊iL/b⌋ to ⌈(i+1)L/b⌉, so bins overlap where the
    /// sides do not divide. float32 [b, L].</summary>
    /// <param name="length">The side L, int64 [1].</param>
    /// <param name="bins">The bins b.</param>
    private static OnnxValue Bins(OnnxValue length, long bins)
    {
        OnnxGraphBuilder builder = length.Builder;
        OnnxValue index = builder.Const([.. Enumerable.Range(0, (int)bins).Select(i => (long)i)], bins, 1);
        OnnxValue start = index * length / bins, end = ((index + 1L) * length + (bins - 1)) / bins;             // [b, 1]
        OnnxValue pixels = builder.Range(length);                                                           // [L]
        OnnxValue inside = ((pixels >= start) & (pixels < end)).Cast(DataType.Float);                           // [b, L]
        return inside / (end - start).Cast(DataType.Float);
    }
}
