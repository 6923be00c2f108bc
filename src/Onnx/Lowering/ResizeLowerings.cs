using Vision.Onnx.Building;

namespace Vision.Onnx.Lowering;

/// <summary>The project's operators that resize a map to the size of another.</summary>
internal static class ResizeLowerings
{
    /// <summary>The operators.</summary>
    public static IEnumerable<KeyValuePair<string, Func<LoweredNode, OnnxValue>>> Table { get; } =
        new Dictionary<string, Func<LoweredNode, OnnxValue>>
        {
            ["aten::upsample_bilinear2d"] = a => a.Flag(2) ? throw a.Refused("its corners are aligned")
                : Bilinear(a.Value(0), a.Builder.Const(a.Longs(1))),
            ["vision::cover_like"] = a => Cover(a.Value(0), a.Value(1)),
            ["vision::resize_like"] = a => Bilinear(a.Value(0), a.Value(1).Sizes(-2)),
            ["vision::resize_nearest_double"] = a => Nearest(a, a.Builder.Const([1f, 1, 2, 2]), null),
            ["vision::resize_nearest_like"] = a => Nearest(a, null, Target(a.Value(0), a.Value(1).Sizes(-2))),
        };

    /// <summary>A map resized by bilinear interpolation without aligned corners, as in torch.</summary>
    /// <param name="x">[N, C, h, w].</param>
    /// <param name="size">Height and width, int64 [2].</param>
    public static OnnxValue Bilinear(OnnxValue x, OnnxValue size) => x.Builder.Op("Resize", [x, null, null, Target(x, size)],
        ("mode", "linear"), ("coordinate_transformation_mode", "half_pixel"));

    private static OnnxValue Nearest(LoweredNode a, OnnxValue? factors, OnnxValue? shape) =>
        a.Builder.Op("Resize", [a.Value(0), null, factors, shape],
            ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));

    private static OnnxValue Target(OnnxValue x, OnnxValue size) => x.Builder.Concat(0, x.Sizes(0, 2), size);

    /// <summary>A map cropped to the size of another if it is at least as large, and resized otherwise. Without a branch, which fewer
    /// programs can run: a large one is resized to its own size.</summary>
    private static OnnxValue Cover(OnnxValue x, OnnxValue like)
    {
        OnnxGraphBuilder builder = x.Builder;
        OnnxValue own = x.Sizes(2), wanted = like.Sizes(-2);
        OnnxValue covers = builder.Op("Equal", builder.Op("ReduceMin", (own >= wanted).Cast(DataType.Int64)), builder.Const([1L]));
        OnnxValue resized = Bilinear(x, builder.Op("Where", covers, own, wanted));
        return resized.Slice([2, 3], builder.Const([0L, 0]), wanted);
    }
}
