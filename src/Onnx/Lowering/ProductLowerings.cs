using Vision.Onnx.Building;

namespace Vision.Onnx.Lowering;

/// <summary>Products of matrices, and sums along dimensions.</summary>
internal static class ProductLowerings
{
    /// <summary>The operators.</summary>
    public static IEnumerable<KeyValuePair<string, Func<LoweredNode, OnnxValue>>> Table { get; } =
        new Dictionary<string, Func<LoweredNode, OnnxValue>>
        {
            // libtorch's beta, of the sum, comes first
            ["aten::addmm"] = a => a.Builder.Op("Gemm", [a.Value(1), a.Value(2), a.Value(0)],
                ("alpha", a.Number(4)), ("beta", a.Number(3))),
            ["aten::bmm"] = a => a.Builder.Op("MatMul", a.Value(0), a.Value(1)),
            ["aten::cumsum"] = a => a.Builder.Op("CumSum", a.Value(0).Cast(DataType.Float), a.Builder.Const(a.Long(1))),
            ["aten::matmul"] = a => a.Builder.Op("MatMul", a.Value(0), a.Value(1)),
            ["aten::mean"] = a => Reduced(a, "ReduceMean", 1),
            ["aten::norm"] = a => a.Number(1) == 2 ? Reduced(a, "ReduceL2", 2) : throw a.Refused($"its order is {a.Number(1)}, not 2"),
        };

    private static OnnxValue Reduced(LoweredNode a, string op, int axes) =>
        a.Builder.Op(op, [a.Value(0)], ("axes", a.Longs(axes)), ("keepdims", a.Flag(axes + 1) ? 1 : 0));
}
