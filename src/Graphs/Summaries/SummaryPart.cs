using static TorchSharp.torch;

namespace Vision.Graphs;

/// <summary>A part of a network that was traced as a graph of its own: its steps and blocks.</summary>
internal sealed class SummaryPart
{
    /// <summary>Divides a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="modules">The network's modules by name.</param>
    public SummaryPart(TracedGraph graph, IReadOnlyDictionary<string, nn.Module> modules)
    {
        InputShape = graph.Inputs[0].Shape!;
        OutputShapes = [.. graph.Outputs.Select(output => output.Shape!)];
        Steps = SummaryNode.Of(graph);
        Blocks = NetworkBlocks.Of(Steps, new ModuleScopes(Steps), modules);
    }

    /// <summary>The shape of its input; of the first, if there are several.</summary>
    public IReadOnlyList<long> InputShape { get; }

    /// <summary>The shapes of its outputs.</summary>
    public IReadOnlyList<IReadOnlyList<long>> OutputShapes { get; }

    /// <summary>Its steps, in order.</summary>
    public IReadOnlyList<SummaryNode> Steps { get; }

    /// <summary>Its blocks, in order.</summary>
    public IReadOnlyList<NetworkBlock> Blocks { get; }
}
