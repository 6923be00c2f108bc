using Vision.Onnx.Building;

namespace Vision.Onnx.Lowering;

/// <summary>What moves values without computing.</summary>
internal static class ShapeLowerings
{
    // at::padding_mode, by ONNX's names; a circular one there is only since opset 19
    private static readonly string?[] paddings = ["reflect", "edge", null, "constant"];

    /// <summary>The operators.</summary>
    public static IEnumerable<KeyValuePair<string, Func<LoweredNode, OnnxValue>>> Table { get; } =
        new Dictionary<string, Func<LoweredNode, OnnxValue>>
        {
            ["aten::_pad_enum"] = Pad,
            ["aten::cat"] = a => a.Builder.Concat(a.Long(1), a.Values(0)),
            ["aten::expand"] = Expand,
            ["aten::expand_as"] = a => a.Value(0).Expand(a.Value(1).Shape()),
            ["aten::flatten"] = Flatten,
            // from the end, up to the end, is not up to 0
            ["aten::narrow"] = a => a.Value(0).Slice(a.Long(1), a.Long(2),
                a.Long(2) < 0 && a.Long(2) + a.Long(3) == 0 ? long.MaxValue : a.Long(2) + a.Long(3)),
            ["aten::permute"] = a => a.Value(0).Transpose(a.Longs(1)),
            ["aten::select"] = a => a.Value(0).Gather(a.Builder.Const(a.Long(2)), a.Long(1)),
            ["aten::slice"] = a => a.Value(0).Slice(a.Long(1), a.IsNone(2) ? 0 : a.Long(2), a.IsNone(3) ? long.MaxValue : a.Long(3),
                a.Long(4)),
            ["aten::squeeze"] = a => a.Value(0).Squeeze(a.Long(1)),
            ["aten::stack"] = a => a.Builder.Concat(a.Long(1), [.. a.Values(0).Select(value => value.Unsqueeze(a.Long(1)))]),
            ["aten::t"] = a => a.Value(0).Transpose(1, 0),
            ["aten::transpose"] = Transpose,
            ["aten::unflatten"] = Unflatten,
            ["aten::unsqueeze"] = a => a.Value(0).Unsqueeze(a.Long(1)),
            ["aten::view"] = a => a.Value(0).Reshape(a.Longs(1)),
            ["aten::zeros_like"] = a => a.Builder.Const(0f).Expand(a.Value(0).Shape()),
        };

    private static OnnxValue Pad(LoweredNode a)
    {
        string mode = paddings[a.Long(2)] ?? throw a.Refused("circular padding is not known to opset 17");
        // libtorch's go from the last dimension to the first, [before, after] each; ONNX's are all before, then all after.
        long[] given = a.Longs(1);
        int rank = a.Rank(0);
        long[] pads = new long[2 * rank];
        for (int i = 0; i < given.Length; i++) pads[i % 2 * rank + rank - 1 - i / 2] = given[i];
        float value = a.IsNone(3) ? 0 : a.Number(3);
        return a.Builder.Op("Pad", [a.Value(0), a.Builder.Const(pads), a.Builder.Const(value)], ("mode", mode));
    }

    private static OnnxValue Flatten(LoweredNode a)
    {
        OnnxValue x = a.Value(0);
        long first = a.Axis(0, a.Long(1)), last = a.Axis(0, a.Long(2));
        if (first == 1 && last == a.Rank(0) - 1) return a.Builder.Op("Flatten", [x], ("axis", 1));      // also of nothing
        OnnxValue joined = a.Builder.Const([-1L]);
        return last == a.Rank(0) - 1
            ? x.Reshape([.. Enumerable.Repeat(0L, (int)first), -1])
            : x.Reshape(a.Builder.Concat(0, [x.Sizes(0, first), joined, x.Sizes(last + 1)]));
    }

    // libtorch's −1 keeps a dimension, as 1 does in ONNX.
    private static OnnxValue Expand(LoweredNode a) =>
        a.Value(0).Expand(a.Builder.Const([.. a.Longs(1).Select(size => Math.Max(size, 1))]));

    private static OnnxValue Transpose(LoweredNode a)
    {
        long[] order = [.. Enumerable.Range(0, a.Rank(0)).Select(axis => (long)axis)];
        long first = a.Axis(0, a.Long(1)), second = a.Axis(0, a.Long(2));
        (order[first], order[second]) = (second, first);
        return a.Value(0).Transpose(order);
    }

    private static OnnxValue Unflatten(LoweredNode a)
    {
        OnnxValue x = a.Value(0);
        long axis = a.Axis(0, a.Long(1));
        long[] kept = [.. Enumerable.Repeat(0L, (int)axis), .. a.Longs(2)];
        return axis == a.Rank(0) - 1 ? x.Reshape(kept) : x.Reshape(a.Builder.Concat(0, a.Builder.Const(kept), x.Sizes(axis + 1)));
    }
}
