using Vision.Onnx.Building;

namespace Vision.Onnx.Lowering;

/// <summary>Products of matrices.</summary>
internal static class ProductLowerings
{
    /// <summary>The operators.</summary>
    public static IEnumerable<KeyValuePair<string, Func<LoweredNode, OnnxValue>>> Table { get; } =
        new Dictionary<string, Func<LoweredNode, OnnxValue>>
        {
            // libtorch's beta, of the sum, comes first
            ["aten::addmm"] = a => a.Builder.Op("Gemm", [a.Value(1), a.Value(2), a.Value(0)], ("alpha", a.Number(4)), ("beta", a.Number(3))),
            ["aten::matmul"] = a => a.Builder.Op("MatMul", a.Value(0), a.Value(1)),
            ["aten::mm"] = a => a.Builder.Op("MatMul", a.Value(0), a.Value(1)),
            ["aten::bmm"] = a => a.Builder.Op("MatMul", a.Value(0), a.Value(1)),
        };
}
