using Vision.Onnx.Building;
using Vision.Ops;

namespace Vision.Onnx.Lowering;

/// <summary>The project's operators on shifted windows, see <see cref="ShiftedWindows"/>.</summary>
internal static class WindowLowerings
{
    /// <summary>The operators.</summary>
    public static IEnumerable<KeyValuePair<string, Func<LoweredNode, OnnxValue>>> Table { get; } =
        new Dictionary<string, Func<LoweredNode, OnnxValue>>
        {
            ["vision::split_windows"] = a => Split(a.Value(0), a.Long(1), a.Long(2)),
            ["vision::join_windows_like"] = a => Join(a.Value(0), a.Value(1), a.Long(2), a.Long(3)),
            ["vision::window_mask_like"] = a => Mask(a.Value(0), a.Long(1), a.Long(2)),
        };

    // [N, H, W, C] to [N, windows, window², C].
    private static OnnxValue Split(OnnxValue x, long window, long shift)
    {
        OnnxGraphBuilder builder = x.Builder;
        OnnxValue size = x.Sizes(1, 3), counts = Counts(size, window), channels = x.Size(3);
        OnnxValue nothing = builder.Const([0L]), padding = builder.Concat(0, builder.Const(new long[5]), counts * window - size, nothing);
        x = builder.Op("Pad", x, padding);                                                              // [N, rows·window, …, C]
        if (shift > 0) x = Rolled(x, counts * window, Shifts(counts, shift));
        OnnxValue side = builder.Const([window]);
        return x.Reshape(builder.Concat(0, nothing, counts.Slice(0, 0, 1), side, counts.Slice(0, 1, 2), side, channels))
            .Transpose(0, 1, 3, 2, 4, 5).Reshape(builder.Concat(0, builder.Const([0L, -1, window * window]), channels));
    }

    // [N, windows, window², C] to [N, H, W, C].
    private static OnnxValue Join(OnnxValue windows, OnnxValue like, long window, long shift)
    {
        OnnxGraphBuilder builder = like.Builder;
        OnnxValue size = like.Sizes(1, 3), counts = Counts(size, window), length = counts * window;
        OnnxValue channels = windows.Size(3), nothing = builder.Const([0L]);
        OnnxValue x = windows.Reshape(builder.Concat(0, nothing, counts, builder.Const([window, window]), channels))
            .Transpose(0, 1, 3, 2, 4, 5).Reshape(builder.Concat(0, nothing, length, channels));         // [N, rows·window, …, C]
        if (shift > 0) x = Rolled(x, length, -Shifts(counts, shift));
        return x.Slice([1, 2], builder.Const([0L, 0]), size);
    }

    // [windows, 1, window², window²].
    private static OnnxValue Mask(OnnxValue like, long window, long shift)
    {
        OnnxGraphBuilder builder = like.Builder;
        OnnxValue counts = Counts(like.Sizes(1, 3), window), length = counts * window, shifts = Shifts(counts, shift);
        OnnxValue regions = Moved(0).Unsqueeze(1) * 2L + Moved(1);                                      // [rows·window, …]
        regions = Split(regions.Unsqueeze(0, 3), window, shift);                                        // [1, windows, window², 1]
        OnnxValue together = builder.Op("Equal", regions, regions.Transpose(0, 1, 3, 2));
        return ((!together).Cast(builder.FloatType) * ShiftedWindows.Masked).Transpose(1, 0, 2, 3);

        // 1 for the rows or columns that the shift moves to the opposite border, padding included.
        OnnxValue Moved(long side) =>
            (builder.Range(length.Slice(0, side, side + 1)) < shifts.Slice(0, side, side + 1)).Cast(DataType.Int64);
    }

    // The windows along both sides, int64 [2].
    private static OnnxValue Counts(OnnxValue size, long window) => (size + (window - 1)) / window;

    // The shifts along both sides, int64 [2]: none where one window covers the side.
    private static OnnxValue Shifts(OnnxValue counts, long shift) =>
        counts.Builder.Op("Min", (counts - 1L) * shift, counts.Builder.Const(shift));

    // Each pixel is the one some further along both sides, around the borders.
    private static OnnxValue Rolled(OnnxValue x, OnnxValue length, OnnxValue by)
    {
        for (long side = 0; side < 2; side++)
        {
            OnnxValue pixels = length.Slice(0, side, side + 1);
            OnnxValue from = x.Builder.Range(pixels) + by.Slice(0, side, side + 1);
            x = x.Gather(x.Builder.Op("Mod", from, pixels), side + 1);      // never negative, as ONNX's has the divisor's sign
        }
        return x;
    }
}
