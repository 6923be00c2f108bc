using Vision.Onnx.Outlines;

namespace Vision.Onnx;

/// <summary>Rejects operators that make gigabytes of nothing: those whose result is as large as a constant says.</summary>
internal sealed class SizeCheck
{
    // A gigabyte of float32.
    private const double MostValues = 1 << 28;

    // The inputs that say how large the result is.
    private static readonly Dictionary<string, int[]> sizes = new()
    {
        ["ConstantOfShape"] = [0], ["Expand"] = [1], ["OneHot"] = [1], ["Pad"] = [1], ["Range"] = [0, 1, 2], ["Resize"] = [2, 3],
        ["Tile"] = [1], ["Upsample"] = [1],
    };

    // Their result has the values of the first input.
    private static readonly HashSet<string> rearrangements = ["Cast", "Identity", "Reshape", "Squeeze", "Unsqueeze"];

    private readonly string path;
    private readonly Dictionary<string, double[]> values;
    private readonly HashSet<string> constants = [];                       // values that no image changes

    private SizeCheck(string path) => (this.path, values) = (path, SmallInitializers.Read(path));

    /// <summary>Checks a graph and those inside of it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="graph">Its graph, whose nodes are sorted.</param>
    /// <exception cref="InputException">An operator makes too much, or a size is computed from constants, which the exporter does not
    /// do.</exception>
    public static void Run(string path, Graph graph) => new SizeCheck(path).Run(graph);

    private void Run(Graph graph)
    {
        constants.UnionWith(graph.Initializer.Select(tensor => tensor.Name));
        foreach (Node node in graph.Node)
        {
            if (sizes.TryGetValue(node.OpType, out int[]? inputs))
            {
                double size = inputs.Where(i => i < node.Input.Count).Select(i => node.Input[i]).Where(constants.Contains)
                    .SelectMany(name => values.GetValueOrDefault(name) ?? [double.PositiveInfinity])
                    .Aggregate(1.0, (product, value) => product * Factor(value));
                if (!(size <= MostValues))
                    throw new InputException($"{path}: its operator {node.OpType} makes more than this toolkit's files do, by a constant " +
                        "size, so it is not run. Export the network again.");
            }
            foreach (Outlines.Attribute attribute in node.Attribute)
                foreach (Graph inner in attribute.G is null ? attribute.Graphs : attribute.Graphs.Append(attribute.G)) Run(inner);
            // The size of what passed this check is no danger.
            if (node.OpType == "Shape" || !node.Input.All(name => name.Length == 0 || constants.Contains(name))) continue;
            constants.UnionWith(node.Output);
            if (rearrangements.Contains(node.OpType) && values.TryGetValue(node.Input[0], out double[]? same))
                values[node.Output[0]] = same;
        }
    }

    // Scales and steps may be below 1.
    private static double Factor(double value) => value == 0 ? 1 : Math.Max(Math.Abs(value), 1 / Math.Abs(value));
}
