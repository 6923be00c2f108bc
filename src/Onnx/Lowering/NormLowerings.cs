using Vision.Onnx.Building;

namespace Vision.Onnx.Lowering;

/// <summary>Normalizations that are not folded into convolutions.</summary>
internal static class NormLowerings
{
    /// <summary>The operators.</summary>
    public static IEnumerable<KeyValuePair<string, Func<LoweredNode, OnnxValue>>> Table { get; } =
        new Dictionary<string, Func<LoweredNode, OnnxValue>>
        {
            ["aten::batch_norm"] = BatchNorm,
            ["aten::group_norm"] = GroupNorm,
            ["aten::layer_norm"] = LayerNorm,
        };

    private static OnnxValue BatchNorm(LoweredNode a)
    {
        int channels = (int)a.Weight(3).shape[0];
        return a.Builder.Op("BatchNormalization",
            [a.Value(0), a.Optional(1) ?? Filled(a, 1, channels), a.Optional(2) ?? Filled(a, 0, channels), a.Value(3), a.Value(4)],
            ("epsilon", a.Number(7)));
    }

    // A group is a channel of what InstanceNormalization sees: GroupNormalization is an operator only since opset 18.
    private static OnnxValue GroupNorm(LoweredNode a)
    {
        OnnxValue x = a.Value(0);                                                                   // [N, C, H, W]
        int groups = (int)a.Long(1);
        OnnxValue y = a.Builder.Op("InstanceNormalization", [x.Reshape(0, groups, -1), Filled(a, 1, groups), Filled(a, 0, groups)],
            ("epsilon", a.Number(4))).Reshape(x.Shape());
        long[] others = [.. Enumerable.Range(1, a.Rank(0) - 2).Select(axis => (long)axis)];
        if (a.Optional(2) is { } weight) y *= weight.Unsqueeze(others);
        return a.Optional(3) is { } bias ? y + bias.Unsqueeze(others) : y;
    }

    private static OnnxValue LayerNorm(LoweredNode a)
    {
        long[] shape = a.Longs(1);
        OnnxValue weight = a.Optional(2) ?? a.Builder.Const([.. Enumerable.Repeat(1f, (int)shape.Aggregate((m, n) => m * n))], shape);
        return a.Builder.Op("LayerNormalization", [a.Value(0), weight, a.Optional(3)], ("axis", -shape.Length), ("epsilon", a.Number(4)));
    }

    private static OnnxValue Filled(LoweredNode a, float value, int count) => a.Builder.Const([.. Enumerable.Repeat(value, count)]);
}
