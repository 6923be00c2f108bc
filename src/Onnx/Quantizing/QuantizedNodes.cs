using Vision.Onnx.Schema;

namespace Vision.Onnx.Quantizing;

/// <summary>The convolutions and products of a graph whose weights are constants: what is computed with integers.</summary>
internal sealed class QuantizedNodes
{
    private readonly Dictionary<string, List<NodeProto>> users = [];

    /// <summary>Finds them.</summary>
    public QuantizedNodes(GraphProto graph)
    {
        foreach (NodeProto node in graph.Node)
            foreach (string input in node.Input.Distinct())
            {
                if (!users.TryGetValue(input, out List<NodeProto>? ofInput)) users[input] = ofInput = [];
                ofInput.Add(node);
            }
        Dictionary<string, TensorProto> weights = graph.Initializer.ToDictionary(tensor => tensor.Name);
        Nodes = [.. graph.Node.Where(node => node.OpType is "Conv" or "Gemm" or "MatMul" && !weights.ContainsKey(node.Input[0])
            && weights.TryGetValue(node.Input[1], out TensorProto? weight) && weight.DataType == (int)DataType.Float)];
        Values = [.. Nodes.SelectMany(node => new[] { node.Input[0], End(node) }).Distinct()];
    }

    /// <summary>The nodes.</summary>
    public IReadOnlyList<NodeProto> Nodes { get; }

    /// <summary>The values that become integers: what the nodes take and what they give.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>A node's result, or that of the ReLU after it: runtimes compute both in one step.</summary>
    private string End(NodeProto node) => users.TryGetValue(node.Output[0], out List<NodeProto>? ofOutput)
        && ofOutput is [{ OpType: "Relu" or "Clip" } activation] ? activation.Output[0] : node.Output[0];
}
