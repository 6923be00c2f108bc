using TorchSharp;
using Vision.Graphs;
using Vision.Onnx.Building;
using static TorchSharp.torch;

namespace Vision.Onnx.Lowering;

/// <summary>Writes a traced network as ONNX operators, with batch norms folded. Nothing depends on the size of the traced
/// example.</summary>
internal static class NetworkLowering
{
    private const string List = "prim::ListConstruct";

    // Each group of operators has its table.
    private static readonly Dictionary<string, Func<LoweredNode, OnnxValue>> operators = new(
        [
            .. ConvolutionLowerings.Table, .. PoolingLowerings.Table, .. NormLowerings.Table, .. ElementwiseLowerings.Table,
            .. ShapeLowerings.Table, .. ResizeLowerings.Table, .. ProductLowerings.Table, .. WindowLowerings.Table,
        ]);

    // In float16, norms lose too much in their sums, and resized maps show steps.
    private static readonly HashSet<string> float32Only =
    [
        "aten::adaptive_avg_pool2d", "aten::batch_norm", "aten::group_norm", "aten::layer_norm", "vision::cover_like",
        "vision::deform_conv2d", "vision::resize_like", "vision::resize_nearest_double", "vision::resize_nearest_like",
    ];

    /// <summary>Adds a network to a graph.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="network">The traced network, which is simplified. Its weights must live until the graph is written: they are not
    /// copied.</param>
    /// <param name="half">Whether weights and most values between are float16.</param>
    /// <param name="inputs">A value for each of its inputs; if half, all are float32.</param>
    /// <returns>The network's outputs, float32.</returns>
    /// <exception cref="NotSupportedException">An operator cannot be exported; the message names it.</exception>
    public static IReadOnlyList<OnnxValue> Add(OnnxGraphBuilder builder, TracedGraph network, bool half, params OnnxValue[] inputs)
    {
        Simplify(network, builder.Owned);
        Dictionary<GraphValue, OnnxValue> values = network.Inputs.Zip(inputs)
            .ToDictionary(pair => pair.First, pair => half ? pair.Second.Cast(DataType.Float16) : pair.Second);
        foreach (GraphNode node in network.Nodes)
            if (node.Operator != List)                              // a list is read where it is used
                values[node.Outputs[0]] = half ? InHalf(builder, node, values) : Lowered(builder, node, values);
        return [.. network.Outputs.Select(output => half ? values[output].Cast(DataType.Float) : values[output])];
    }

    private static OnnxValue Lowered(OnnxGraphBuilder builder, GraphNode node, Dictionary<GraphValue, OnnxValue> values) =>
        operators.TryGetValue(Interpreter.PlainName(node.Operator), out Func<LoweredNode, OnnxValue>? lowering)
            ? lowering(new(builder, node, values)) : throw new NotSupportedException($"The operator {node.Operator} cannot be exported.");

    private static OnnxValue InHalf(OnnxGraphBuilder builder, GraphNode node, Dictionary<GraphValue, OnnxValue> values)
    {
        if (float32Only.Contains(node.Operator))
            return Lowered(builder, node, node.Inputs.Where(values.ContainsKey).Distinct()
                .ToDictionary(operand => operand, operand => values[operand].Cast(DataType.Float))).Cast(DataType.Float16);
        builder.FloatType = DataType.Float16;
        try
        {
            return Lowered(builder, node, values);
        }
        finally
        {
            builder.FloatType = DataType.Float;
        }
    }

    private static void Simplify(TracedGraph network, ICollection<Tensor> made)
    {
        GraphPasses.RemoveIdentities(network);
        GraphPasses.FoldConstants(network, made);
        ConvolutionPasses.Rewrite(network);
        ConvolutionPasses.FoldBatchNorms(network, made);
    }
}
