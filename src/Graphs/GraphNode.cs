namespace Vision.Graphs;

/// <summary>An operator of a graph, with its operands and results.</summary>
public sealed class GraphNode
{
    internal GraphNode(string op, IReadOnlyList<GraphValue> inputs, IReadOnlyList<GraphValue> outputs)
    {
        Operator = op;
        Operands = [.. inputs];
        Outputs = outputs;
        foreach (GraphValue output in outputs) output.Producer = this;
    }

    /// <summary>The operator's name in libtorch, such as <c>aten::relu_</c> or <c>vision::nms</c>.</summary>
    public string Operator { get; }

    /// <summary>The operands, in the order of the operator's schema.</summary>
    public IReadOnlyList<GraphValue> Inputs => Operands;

    /// <summary>The results.</summary>
    public IReadOnlyList<GraphValue> Outputs { get; }

    internal GraphValue[] Operands { get; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{string.Join(", ", Outputs)} = {Operator}({string.Join(", ", Inputs)})";
}
