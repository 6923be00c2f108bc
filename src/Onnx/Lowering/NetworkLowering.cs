using TorchSharp;
using Vision.Graphs;
using Vision.Onnx.Building;
using static TorchSharp.torch;

namespace Vision.Onnx.Lowering;

/// <summary>Writes a traced network as ONNX operators, with batch norms folded. Nothing depends on the size of the traced example.</summary>
internal static class NetworkLowering
{
    private const string List = "prim::ListConstruct";

    // Each group of operators has its table.
    private static readonly Dictionary<string, Func<LoweredNode, OnnxValue>> operators = new(
        [
            .. ConvolutionLowerings.Table, .. PoolingLowerings.Table, .. NormLowerings.Table, .. ElementwiseLowerings.Table,
            .. ShapeLowerings.Table, .. ResizeLowerings.Table, .. ProductLowerings.Table,
        ]);

    /// <summary>Adds a network to a graph.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="network">The traced network, which is simplified. Its weights must live until the graph is written: they are not
    /// copied.</param>
    /// <param name="inputs">A value for each of its inputs.</param>
    /// <returns>The network's outputs.</returns>
    /// <exception cref="NotSupportedException">An operator cannot be exported; the message names it.</exception>
    public static IReadOnlyList<OnnxValue> Add(OnnxGraphBuilder builder, TracedGraph network, params OnnxValue[] inputs)
    {
        Simplify(network, builder.Owned);
        Dictionary<GraphValue, OnnxValue> values = network.Inputs.Zip(inputs).ToDictionary();
        foreach (GraphNode node in network.Nodes)
        {
            if (node.Operator == List) continue;                    // read where it is used
            if (!operators.TryGetValue(Interpreter.PlainName(node.Operator), out Func<LoweredNode, OnnxValue>? lowering))
                throw new NotSupportedException($"The operator {node.Operator} cannot be exported.");
            values[node.Outputs[0]] = lowering(new(builder, node, values));
        }
        return [.. network.Outputs.Select(output => values[output])];
    }

    private static void Simplify(TracedGraph network, ICollection<Tensor> made)
    {
        GraphPasses.RemoveIdentities(network);
        GraphPasses.FoldConstants(network, made);
        ConvolutionPasses.Rewrite(network);
        ConvolutionPasses.FoldBatchNorms(network, made);
    }
}
