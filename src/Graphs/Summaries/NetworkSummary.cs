using static TorchSharp.torch;

namespace Vision.Graphs;

/// <summary>
/// The layers of a network with their shapes, parameters, multiply-adds and memory, recorded while it computes an example.
/// </summary>
/// <example><code>
/// NetworkSummary summary = NetworkSummary.Of(network, rand(1, 3, 224, 224));
/// Console.WriteLine($"{summary.MultiplyAdds / 1e9:F2} GMAC");
/// File.WriteAllText("network.svg", summary.ToSvg("ResNet-50"));
/// </code></example>
public sealed class NetworkSummary
{
    private const string Unused = "not used in prediction";

    private readonly SummaryPart[] parts;
    private readonly SummaryNode[] steps;
    private readonly Dictionary<string, long> parameters;

    private NetworkSummary(IEnumerable<TracedGraph> graphs, nn.Module network)
    {
        parameters = network.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.numel());
        ParameterBytes = network.named_parameters().Select(entry => (Tensor)entry.parameter)
            .Concat(network.named_buffers().Select(entry => entry.buffer)).Sum(tensor => tensor.numel() * tensor.element_size());
        Dictionary<string, nn.Module> modules = network.named_modules().ToDictionary(entry => entry.name, entry => entry.module);
        modules[""] = network;
        parts = [.. graphs.Select(graph => new SummaryPart(graph, modules))];
        steps = [.. parts.SelectMany(part => part.Steps)];
    }

    /// <summary>The shape of the example.</summary>
    public IReadOnlyList<long> InputShape => parts[0].InputShape;

    /// <summary>The shapes of what the parts of a network were given, such as the regions that a detector's heads look at; for a network of
    /// one part the example's alone.</summary>
    public IReadOnlyList<IReadOnlyList<long>> InputShapes => [.. parts.Select(part => part.InputShape)];

    /// <summary>The shape of the network's result; of the first, if there are several.</summary>
    public IReadOnlyList<long> OutputShape => parts[^1].OutputShapes[0];

    /// <summary>Number of parameters, without buffers such as the statistics of batch norms.</summary>
    public long Parameters => parameters.Values.Sum();

    /// <summary>Bytes of the parameters and buffers.</summary>
    public long ParameterBytes { get; }

    /// <summary>Multiply-adds of the convolutions and matrix products, which torchvision publishes as FLOPs: what else a network does
    /// is not counted.</summary>
    public long MultiplyAdds => steps.Sum(step => step.MultiplyAdds);

    /// <summary>Bytes of the results of all layers as float32: about what training keeps for the backward pass.</summary>
    public long ActivationBytes => steps.Sum(step => step.ActivationBytes);

    /// <summary>The blocks: residual blocks as a whole, and single layers with their norms and activations. Those that only training
    /// uses come last.</summary>
    public IReadOnlyList<LayerSummary> Blocks =>
        [.. Rows(parts.SelectMany(part => part.Blocks).Select(block => (block.Path, Words(block), block.Steps))), .. UnusedAtDepth(1)];

    /// <summary>The layers, together with all that have the same first components of their names.</summary>
    /// <param name="components">How many components to tell apart, 1 or more: with 1, <c>layer1.0.conv1</c> is part of
    /// <c>layer1</c>; with as many as the longest name has, every layer stands alone.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public IReadOnlyList<LayerSummary> AtDepth(int components)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        Dictionary<string, List<SummaryNode>> together = [];
        List<(string Name, List<SummaryNode> Steps)> rows = [];
        foreach (SummaryNode step in steps)
        {
            string name = ModulePath.Take(step.Scope, components);
            bool isPart = step.Parameters.Count > 0 || ModulePath.Depth(step.Scope) >= components;
            if (!isPart || !together.TryGetValue(name, out List<SummaryNode>? row))
            {
                row = [];
                if (isPart) together[name] = row;
                rows.Add((name, row));
            }
            row.Add(step);
        }
        return [.. Rows(rows.Select(row => (row.Name, Words(row.Steps), row.Steps))), .. UnusedAtDepth(components)];
    }

    /// <summary>Draws the network, from its input at the top to its output at the bottom, and its parts one below the other. Equal blocks in
    /// a row are drawn once.</summary>
    /// <param name="title">The title, usually the network's name.</param>
    /// <returns>An SVG image.</returns>
    public string ToSvg(string title) => NetworkDrawing.Of(this, parts, title);

    /// <summary>Number of parameters of blocks.</summary>
    internal long ParametersOf(IEnumerable<NetworkBlock> some) =>
        some.SelectMany(block => block.Parameters).Distinct().Sum(name => parameters.GetValueOrDefault(name));

    private IEnumerable<LayerSummary> Rows(IEnumerable<(string Name, string Kind, List<SummaryNode> Steps)> rows)
    {
        HashSet<string> counted = [];
        foreach (var (name, kind, inside) in rows)
            yield return new()
            {
                Name = name,
                Kind = kind,
                OutputShape = inside[^1].OutputShape,
                Parameters = inside.SelectMany(step => step.Parameters).Where(counted.Add).Sum(key => parameters.GetValueOrDefault(key)),
                MultiplyAdds = inside.Sum(step => step.MultiplyAdds),
                ActivationBytes = inside.Sum(step => step.ActivationBytes),
            };
    }

    private IEnumerable<LayerSummary> UnusedAtDepth(int components) => parameters.Keys
        .Except(steps.SelectMany(step => step.Parameters))
        .GroupBy(name => ModulePath.Take(ModulePath.Parent(name), components))
        .Select(group => new LayerSummary
        {
            Name = group.Key, Kind = Unused, OutputShape = null, Parameters = group.Sum(name => parameters[name]), MultiplyAdds = 0,
            ActivationBytes = 0,
        });

    private static string Words(NetworkBlock block) => block.Details.Length > 0 ? $"{block.Title}: {block.Details}" : block.Title;

    private static string Words(List<SummaryNode> together) =>
        together is [var only] ? OperatorText.Of(only) : $"{together.Count} operators";

    /// <summary>Summarizes a network. It is called twice, in its current mode, without gradients.</summary>
    /// <param name="network">The network.</param>
    /// <param name="example">An input, [N, C, H, W], float32.</param>
    /// <exception cref="PlatformNotSupportedException">This system lacks libtorch's tracer: it is on Linux on x86-64.</exception>
    /// <exception cref="NotSupportedException">The network does something that a graph cannot express.</exception>
    public static NetworkSummary Of(nn.Module<Tensor, Tensor> network, Tensor example) =>
        new([TracedGraph.OfExample(network, inputs => [network.call(inputs[0])], example)], network);

    /// <summary>Summarizes a network of several parts, one after the other: what lies between them, such as the selection of a detector's
    /// boxes, is left out.</summary>
    /// <param name="network">The network, to which the parts' parameters belong.</param>
    /// <param name="parts">The parts, in order. Each is computed twice for as many images or regions as are usual for it
    /// (<see cref="NetworkPart.UsualCount"/>).</param>
    /// <param name="height">The height of the first part's input, where that may vary; that of the others is the result's before
    /// it.</param>
    /// <param name="width">The width, likewise.</param>
    /// <inheritdoc cref="Of(nn.Module{Tensor, Tensor}, Tensor)"/>
    public static NetworkSummary Of(nn.Module network, IReadOnlyList<NetworkPart> parts, long height, long width)
    {
        List<TracedGraph> graphs = [];
        foreach (NetworkPart part in parts)
        {
            graphs.Add(part.TraceUsual(network, height, width));
            if (graphs[^1].Outputs[0].Shape is [_, _, var h, var w]) (height, width) = (h, w);
        }
        return new(graphs, network);
    }
}
