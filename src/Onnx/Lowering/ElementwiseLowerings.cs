using Vision.Onnx.Building;

namespace Vision.Onnx.Lowering;

/// <summary>Sums, products and activations.</summary>
internal static class ElementwiseLowerings
{
    private static readonly float sqrtHalf = MathF.Sqrt(0.5f);

    /// <summary>The operators.</summary>
    public static IEnumerable<KeyValuePair<string, Func<LoweredNode, OnnxValue>>> Table { get; } =
        new Dictionary<string, Func<LoweredNode, OnnxValue>>
        {
            ["aten::add"] = a => a.Value(0) + Scaled(a, 1, 2),
            ["aten::sub"] = a => a.Value(0) - Scaled(a, 1, 2),
            ["aten::mul"] = a => a.Value(0) * a.Value(1),
            ["aten::div"] = a => a.Value(0) / a.Value(1),
            ["aten::clamp_min"] = a => a.Builder.Op("Max", a.Value(0), a.Builder.Const(a.Number(1))),
            ["aten::cos"] = a => a.Builder.Op("Cos", a.Value(0)),
            ["aten::gelu"] = Gelu,
            ["aten::hardsigmoid"] = a => a.Builder.Op("HardSigmoid", [a.Value(0)], ("alpha", 1f / 6), ("beta", 0.5f)),
            ["aten::hardswish"] = a => a.Builder.Op("HardSwish", a.Value(0)),
            ["aten::leaky_relu"] = a => a.Builder.Op("LeakyRelu", [a.Value(0)], ("alpha", a.Number(1))),
            ["aten::relu"] = a => a.Builder.Op("Relu", a.Value(0)),
            ["aten::relu6"] = a => a.Builder.Op("Clip", a.Value(0), a.Builder.Const(0f), a.Builder.Const(6f)),
            ["aten::sigmoid"] = a => a.Builder.Op("Sigmoid", a.Value(0)),
            ["aten::sin"] = a => a.Builder.Op("Sin", a.Value(0)),
            ["aten::softmax"] = a => a.Builder.Op("Softmax", [a.Value(0)], ("axis", a.Long(1))),
            ["aten::silu"] = a => a.Value(0) * a.Builder.Op("Sigmoid", a.Value(0)),
        };

    private static OnnxValue Scaled(LoweredNode a, int value, int factor) =>
        a.Number(factor) == 1 ? a.Value(value) : a.Value(value) * a.Number(factor);

    // x/2 · (1 + erf(x/√2)): Gelu is an operator only since opset 20.
    private static OnnxValue Gelu(LoweredNode a)
    {
        if (a.Constant<string>(1) != "none") throw a.Refused($"only the exact GELU is known, not '{a.Constant<string>(1)}'");
        OnnxValue x = a.Value(0);
        return x * (a.Builder.Op("Erf", x * sqrtHalf) + 1f) * 0.5f;
    }
}
