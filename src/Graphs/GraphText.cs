using System.Globalization;
using System.Text.RegularExpressions;

namespace Vision.Graphs;

/// <summary>Reads a graph in TorchScript's notation, as libtorch prints it.</summary>
internal sealed partial class GraphText
{
    private readonly Dictionary<string, GraphValue> values = [];
    private readonly bool opaque;

    private GraphText(bool opaque) => this.opaque = opaque;

    /// <summary>The inputs, in order.</summary>
    public List<GraphValue> Inputs { get; } = [];

    /// <summary>The outputs, in order.</summary>
    public List<GraphValue> Outputs { get; } = [];

    /// <summary>The nodes, in an order in which they can be computed; constants are values instead.</summary>
    public List<GraphNode> Nodes { get; } = [];

    /// <summary>Reads a graph.</summary>
    /// <param name="text">The graph.</param>
    /// <param name="opaque">Whether it may have constants that the text does not contain: tensors that the network makes by itself. Their
    /// values are null.</param>
    /// <exception cref="FormatException">It is not a graph.</exception>
    /// <exception cref="NotSupportedException">It has control flow, or, unless they are allowed, opaque constants.</exception>
    public static GraphText Parse(string text, bool opaque = false)
    {
        GraphText graph = new(opaque);
        string[] lines = text.Split('\n');
        int at = 0;
        for (string header = lines[0]; ; header = lines[++at])
        {
            foreach (Match input in Value().Matches(header)) graph.Inputs.Add(graph.Define(input));
            if (header.EndsWith("):", StringComparison.Ordinal)) break;
        }
        for (at++; at < lines.Length; at++)
        {
            string line = Comment().Replace(lines[at], "").Trim();
            if (line.Length == 0) continue;
            if (line.StartsWith("return", StringComparison.Ordinal))
            {
                graph.Outputs.AddRange(graph.Operands(line["return".Length..]));
                return graph;
            }
            graph.Read(line);
        }
        throw new FormatException("The graph has no end.");
    }

    private void Read(string line)
    {
        int equals = line.IndexOf(" = ", StringComparison.Ordinal);
        Match call = equals < 0 ? Match.Empty : Call().Match(line, equals + 3);
        if (!call.Success) throw new NotSupportedException($"The graph has '{line}', which is not an operator on values.");
        GraphValue[] outputs = [.. Value().Matches(line[..equals]).Select(Define)];
        string op = call.Groups["op"].Value;
        if (op == "prim::Constant") outputs[0].Fix(Constant(line[..equals], call.Groups["attributes"].Value));
        else Nodes.Add(new(op, Operands(call.Groups["operands"].Value), outputs));
    }

    private GraphValue Define(Match match)
    {
        Match shape = Shape().Match(match.Groups["type"].Value);
        GraphValue value = new(match.Groups["name"].Value,
            shape.Success ? [.. shape.Groups[1].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(Whole)] : null);
        return values[value.Name] = value;
    }

    private GraphValue[] Operands(string list) => [.. Name().Matches(list).Select(match => values[match.Groups[1].Value])];

    private object? Constant(string type, string attributes)
    {
        if (attributes.Length == 0) return null;                           // None
        string text = attributes["value=".Length..];
        if (type.EndsWith(": int", StringComparison.Ordinal)) return Whole(text);
        if (type.EndsWith(": bool", StringComparison.Ordinal)) return text is "1" or "true";
        if (type.EndsWith(": float", StringComparison.Ordinal)) return double.Parse(text, CultureInfo.InvariantCulture);
        if (text.StartsWith('"')) return text.Trim('"');
        if (text.StartsWith('{')) return double.Parse(text.Trim('{', '}'), CultureInfo.InvariantCulture);
        if (opaque) return null;
        throw new NotSupportedException(
            $"The network makes a tensor of {type[(type.IndexOf(':') + 2)..]} by itself: keep it as a buffer, so that the graph knows it.");
    }

    private static long Whole(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"%(?<name>[\w.]+) : (?<type>[^%]+?)(?=,? *%|\):?$|$)")] private static partial Regex Value();

    [GeneratedRegex(@"\G(?<op>\w+::\w+)(\[(?<attributes>.*?)\])?\((?<operands>[^()]*)\)$")] private static partial Regex Call();

    [GeneratedRegex(@"^[A-Z]\w*\(((?:\d+, )*)")] private static partial Regex Shape();

    [GeneratedRegex(@"%([\w.]+)")] private static partial Regex Name();

    [GeneratedRegex(@" # .*$")] private static partial Regex Comment();
}
