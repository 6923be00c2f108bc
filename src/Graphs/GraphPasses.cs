using static TorchSharp.torch;

namespace Vision.Graphs;

/// <summary>Simplifications of a graph; each leaves its values unchanged.</summary>
internal static class GraphPasses
{
    /// <summary>Turns lists of constants into constants.</summary>
    public static void FoldLists(TracedGraph graph)
    {
        foreach (GraphNode node in graph.Nodes.Where(node =>
            node.Operator == "prim::ListConstruct" && node.Operands.All(operand => operand.IsConstant)))
        {
            object?[] items = [.. node.Operands.Select(operand => operand.Constant)];
            node.Outputs[0].Fix(items.Length > 0 && items.All(item => item is long) ? items.Cast<long>().ToArray() : items);
        }
        graph.Nodes = [.. graph.Nodes.Where(node => !node.Outputs[0].IsConstant)];
    }

    /// <summary>Replaces what does nothing in prediction by its operand: dropout.</summary>
    public static void RemoveIdentities(TracedGraph graph) => Replace(graph, node =>
        node.Operator is "aten::dropout" or "aten::dropout_" && node.Operands[2].Constant is false ? node.Operands[0] : null);

    /// <summary>Computes what depends on constants alone, such as a transposed weight.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="owned">Gets the tensors that are made.</param>
    public static void FoldConstants(TracedGraph graph, ICollection<Tensor> owned)
    {
        using var noGradient = no_grad();
        foreach (GraphNode node in graph.Nodes)
        {
            if (!node.Operands.All(operand => operand.IsConstant) || !Interpreter.Knows(node.Operator)) continue;
            object? value = Interpreter.Compute(node.Operator, [.. node.Operands.Select(operand => operand.Constant)]);
            if (value is Tensor made) owned.Add(made.DetachFromDisposeScope());
            node.Outputs[0].Fix(value);
            if (node.Operands.FirstOrDefault(operand => operand.Constant is Tensor) is { } source) node.Outputs[0].Name = source.Name;
        }
        graph.Nodes = [.. graph.Nodes.Where(node => !node.Outputs[0].IsConstant)];
    }

    /// <summary>Computes once what several nodes compute of the same operands.</summary>
    public static void MergeEqual(TracedGraph graph)
    {
        Dictionary<string, List<GraphNode>> seen = [];
        Replace(graph, node =>
        {
            if (!seen.TryGetValue(node.Operator, out List<GraphNode>? others)) seen[node.Operator] = others = [];
            if (others.Find(other => AreEqual(other.Operands, node.Operands)) is { } first) return first.Outputs[0];
            others.Add(node);
            return null;
        });
    }

    /// <summary>Removes nodes whose results nobody uses. The tracer gives the result of an operator that changes its operand in place
    /// a name of its own, which later nodes use.</summary>
    public static void RemoveUnused(TracedGraph graph)
    {
        HashSet<GraphValue> used = [.. graph.Outputs];
        List<GraphNode> kept = [];
        foreach (GraphNode node in graph.Nodes.Reverse())
        {
            if (!node.Outputs.Any(used.Contains)) continue;
            kept.Add(node);
            used.UnionWith(node.Operands);
        }
        kept.Reverse();
        graph.Nodes = kept;
    }

    /// <summary>How often each value is used.</summary>
    public static Dictionary<GraphValue, int> Uses(TracedGraph graph)
    {
        Dictionary<GraphValue, int> uses = [];
        foreach (GraphValue value in graph.Nodes.SelectMany(node => node.Operands).Concat(graph.Outputs))
            uses[value] = uses.GetValueOrDefault(value) + 1;
        return uses;
    }

    private static bool AreEqual(GraphValue[] ones, GraphValue[] others) => ones.Length == others.Length
        && ones.Zip(others).All(pair => pair.First == pair.Second
            || pair.First.IsConstant && pair.Second.IsConstant && AreEqual(pair.First.Constant, pair.Second.Constant));

    private static bool AreEqual(object? one, object? other) => (one, other) switch
    {
        (long[] a, long[] b) => a.AsSpan().SequenceEqual(b),
        (object?[] a, object?[] b) => a.Length == b.Length && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second)),
        (Tensor, Tensor) => ReferenceEquals(one, other),
        _ => Equals(one, other),
    };

    /// <summary>Replaces the results of nodes by other values, and drops those nodes.</summary>
    private static void Replace(TracedGraph graph, Func<GraphNode, GraphValue?> by)
    {
        Dictionary<GraphValue, GraphValue> replaced = [];
        List<GraphNode> kept = [];
        foreach (GraphNode node in graph.Nodes)
        {
            for (int i = 0; i < node.Operands.Length; i++)
                if (replaced.TryGetValue(node.Operands[i], out GraphValue? other)) node.Operands[i] = other;
            if (by(node) is { } value) replaced[node.Outputs[0]] = value;
            else kept.Add(node);
        }
        graph.Nodes = kept;
        graph.Outputs = [.. graph.Outputs.Select(output => replaced.GetValueOrDefault(output, output))];
    }
}
