namespace Vision.Graphs;

/// <summary>A step of a network: an operator on computed tensors, with what it costs and the module that it belongs to.</summary>
internal sealed class SummaryNode
{
    private SummaryNode(GraphNode node, IReadOnlyList<GraphValue> operands, IReadOnlyList<string> parameters)
    {
        Node = node;
        Operands = operands;
        Parameters = parameters;
        MultiplyAdds = OperatorCost.MultiplyAdds(node);
        ActivationBytes = OperatorCost.ActivationBytes(node);
    }

    /// <summary>The operator.</summary>
    public GraphNode Node { get; }

    /// <summary>The computed tensors that it is given, without one that only tells it a size; the network's input is one, too.</summary>
    public IReadOnlyList<GraphValue> Operands { get; }

    /// <summary>The names of its parameters and buffers.</summary>
    public IReadOnlyList<string> Parameters { get; }

    /// <summary>The module that it belongs to: for one with parameters, theirs; see <see cref="ModuleScopes"/> for the others.</summary>
    public string Scope { get; set; } = "";

    /// <summary>The shape of the result; of the first, if there are several.</summary>
    public IReadOnlyList<long> OutputShape => Node.Outputs[0].Shape!;

    /// <summary>Multiply-adds.</summary>
    public long MultiplyAdds { get; }

    /// <summary>Bytes of new memory.</summary>
    public long ActivationBytes { get; }

    /// <summary>Whether it joins several computed tensors.</summary>
    public bool IsMerge => Operands.Distinct().Count() > 1;

    /// <summary>Whether it changes each element alone, or only the arrangement of the elements.</summary>
    public bool KeepsElements => !IsMerge && !Node.Operator.Contains("pool", StringComparison.Ordinal) &&
        !Node.Operator.Contains("resize", StringComparison.Ordinal) &&
        OperatorCost.Count(OutputShape) == OperatorCost.Count(OperatorCost.Shape(Operands[0]));

    /// <summary>The steps of a graph, in order. What depends on constants alone, lists, and arithmetic on sizes are left out.</summary>
    public static List<SummaryNode> Of(TracedGraph graph)
    {
        HashSet<GraphValue> named = [.. graph.Parameters], computed = [.. graph.Inputs];
        // Parameters in another arrangement, such as a transposed weight, and lists.
        Dictionary<GraphValue, (List<GraphValue> Operands, List<string> Parameters)> passed = [];
        List<SummaryNode> steps = [];
        foreach (GraphNode node in graph.Nodes)
        {
            List<GraphValue> operands = [];
            List<string> parameters = [];
            foreach (GraphValue value in node.Operator.EndsWith("_like", StringComparison.Ordinal) ? node.Operands.Take(1) : node.Operands)
            {
                if (named.Contains(value)) parameters.Add(value.Name);
                else if (computed.Contains(value)) operands.Add(value);
                else if (passed.TryGetValue(value, out var inside))
                {
                    operands.AddRange(inside.Operands);
                    parameters.AddRange(inside.Parameters);
                }
            }
            bool isTensor = node.Outputs[0].Shape is { Count: > 0 };
            if (operands.Count == 0 || !isTensor)
            {
                bool isList = node.Operator == "prim::ListConstruct" || OperatorCost.IsView(node);
                foreach (GraphValue output in node.Outputs) passed[output] = (isList ? operands : [], parameters);
                continue;
            }
            computed.UnionWith(node.Outputs);
            steps.Add(new(node, operands, parameters));
        }
        return steps;
    }
}
