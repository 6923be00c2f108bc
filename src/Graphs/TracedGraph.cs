using System.Collections;
using TorchSharp;
using Vision.Ops;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Graphs;

/// <summary>
/// The operators that a network runs, recorded by libtorch's tracer while the unmodified network computes an example. Parameters keep their
/// state-dict names.
/// </summary>
public sealed class TracedGraph
{
    // A multiple of every network's stride.
    private const int OtherSize = 64;

    private TracedGraph(GraphText text, int inputs, string[] names, Tensor[] parameters)
    {
        Inputs = text.Inputs[..inputs];
        Outputs = text.Outputs;
        Nodes = text.Nodes;
        Parameters = text.Inputs[inputs..];
        for (int i = 0; i < parameters.Length; i++)
        {
            Parameters[i].Name = names[i];
            Parameters[i].Fix(parameters[i]);
        }
    }

    /// <summary>The network's inputs: for most, one of [N, C, H, W].</summary>
    public IReadOnlyList<GraphValue> Inputs { get; }

    /// <summary>The network's outputs.</summary>
    public IReadOnlyList<GraphValue> Outputs { get; internal set; }

    /// <summary>The parameters and buffers: constants whose values are the network's own tensors.</summary>
    public IReadOnlyList<GraphValue> Parameters { get; }

    /// <summary>The nodes, each after those that it depends on.</summary>
    public IReadOnlyList<GraphNode> Nodes { get; internal set; }

    /// <summary>Whether networks can be traced on this system: on Linux on x86-64.</summary>
    public static bool IsSupported => Tracer.IsSupported;

    /// <summary>Traces a network in its current mode. It must outlive the graph, which refers to its parameters.</summary>
    /// <param name="network">The network; it is called three times, with inputs of two sizes.</param>
    /// <param name="example">An input, [N, C, H, W].</param>
    /// <exception cref="PlatformNotSupportedException">This system lacks the tracer.</exception>
    /// <exception cref="NotSupportedException">The network does something that a graph cannot express, such as to turn the size of its
    /// input into a number; the message says where.</exception>
    public static TracedGraph Of(nn.Module<Tensor, Tensor> network, Tensor example)
    {
        long[] shape = example.shape;
        using Tensor larger = zeros(shape[0] + 1, shape[1], shape[2] + OtherSize, shape[3] + 2 * OtherSize);
        return Of(network, inputs => [network.call(inputs[0])], [example], [larger]);
    }

    /// <summary>Traces what a network computes, as a whole or in part.</summary>
    /// <param name="network">The network that the parameters belong to.</param>
    /// <param name="compute">The computation; it is called three times.</param>
    /// <param name="example">The inputs.</param>
    /// <param name="other">Inputs of which every dimension that may vary differs from the example's.</param>
    /// <inheritdoc cref="Of(nn.Module{Tensor, Tensor}, Tensor)"/>
    public static TracedGraph Of(nn.Module network, Func<Tensor[], Tensor[]> compute, Tensor[] example, Tensor[] other)
    {
        Runtime.EnsureLoaded();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (Tensor output in compute(example)) output.Dispose();      // what libtorch refuses under the tracer ends the process
        TracedGraph graph = Trace(network, compute, example);
        graph.RequireSame(Trace(network, compute, other));
        return graph;
    }

    /// <summary>Traces a network for one input alone: what it makes of the input's size may be constant in the graph, and tensors that it
    /// makes by itself are unknown. It is called twice.</summary>
    internal static TracedGraph OfExample(nn.Module network, Func<Tensor[], Tensor[]> compute, params Tensor[] example)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (Tensor output in compute(example)) output.Dispose();
        return Trace(network, compute, example, opaque: true);
    }

    private static TracedGraph Trace(nn.Module network, Func<Tensor[], Tensor[]> compute, Tensor[] inputs, bool opaque = false)
    {
        var state = network.named_parameters().Select(entry => (entry.name, Value: (Tensor)entry.parameter))
            .Concat(network.named_buffers().Select(entry => (entry.name, Value: entry.buffer))).ToArray();
        Tensor[] parameters = [.. state.Select(entry => entry.Value)];
        string text = Tracer.Graph([.. inputs, .. parameters], traced => compute(traced[..inputs.Length]));
        TracedGraph graph = new(GraphText.Parse(text, opaque), inputs.Length, [.. state.Select(entry => entry.name)], parameters);
        GraphPasses.FoldLists(graph);
        GraphPasses.RemoveUnused(graph);
        return graph;
    }

    /// <summary>Checks that a graph that was traced with an input of another size has the same operators and constants: what differs
    /// depends on the size, and would be wrong for any other.</summary>
    private void RequireSame(TracedGraph other)
    {
        if (Nodes.Count != other.Nodes.Count)
            throw new NotSupportedException(
                $"The network runs {Nodes.Count} operators on an input and {other.Nodes.Count} on a larger one; a graph has always the " +
                    "same.");
        foreach (var (node, twin) in Nodes.Zip(other.Nodes))
            if (Text(node) != Text(twin))
                throw new NotSupportedException(
                    $"The network turns the size of its input into a constant: {Text(node)} is {Text(twin)} for a larger input. Let it " +
                    "compute with the tensor itself.");
    }

    private static string Text(GraphNode node) => $"{node.Operator}({string.Join(", ", node.Operands.Select(Text))})";

    private static string Text(GraphValue value) => value switch
    {
        { IsConstant: false } or { Constant: Tensor } => value.ToString(),
        { Constant: IEnumerable items and not string } => $"[{string.Join(", ", items.Cast<object?>())}]",
        _ => $"{value.Constant ?? "none"}",
    };

    /// <summary>The graph, a node a line.</summary>
    public override string ToString() => string.Join('\n', Nodes.Append<object>($"return {string.Join(", ", Outputs)}"));
}
