using System.Globalization;
using Google.Protobuf;
using Vision.Onnx.Schema;
using static TorchSharp.torch;

namespace Vision.Onnx.Building;

/// <summary>Writes an ONNX graph, operator by operator. It must live until the graph is written.</summary>
/// <example><code>
/// using OnnxGraphBuilder builder = new("double");
/// OnnxValue x = builder.Input("x", DataType.Float, "N", 3);
/// builder.Output("y", builder.Op("Relu", x) * 2f, DataType.Float, "N", 3);
/// </code></example>
internal sealed class OnnxGraphBuilder : IDisposable
{
    private readonly HashSet<string> names;
    private readonly Dictionary<string, int> counts;
    private readonly OnnxInitializers initializers;
    private readonly List<Tensor> owned;

    /// <summary>An empty graph.</summary>
    public OnnxGraphBuilder(string name)
    {
        Graph = new() { Name = name };
        (names, counts, owned) = ([], [], []);
        initializers = new(Graph.Initializer, names, owned);
    }

    private OnnxGraphBuilder(OnnxGraphBuilder parent, string name)
    {
        Graph = new() { Name = name };
        (names, counts, initializers, owned) = (parent.names, parent.counts, parent.initializers, []);
    }

    /// <summary>The graph so far.</summary>
    public GraphProto Graph { get; }

    /// <summary>The type of weights and of constants that are fractions: float32, or float16.</summary>
    public DataType FloatType { get; set; } = DataType.Float;

    /// <summary>Tensors that are freed with the builder.</summary>
    public ICollection<Tensor> Owned => owned;

    /// <summary>Adds an input.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">The type of its elements.</param>
    /// <param name="shape">Numbers, and names of open dimensions.</param>
    public OnnxValue Input(string name, DataType type, params OnnxDimension[] shape)
    {
        if (!names.Add(name)) throw new ArgumentException($"The graph already has a value '{name}'.", nameof(name));
        Graph.Input.Add(Described(name, type, shape));
        return new(this, name);
    }

    /// <summary>Makes a value an output.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">The value.</param>
    /// <param name="type">The type of its elements.</param>
    /// <param name="shape">Numbers, and names of open dimensions; nothing for any shape.</param>
    public void Output(string name, OnnxValue value, DataType type, params OnnxDimension[] shape)
    {
        if (!names.Add(name)) throw new ArgumentException($"The graph already has a value '{name}'.", nameof(name));
        Graph.Node.Add(new NodeProto { OpType = "Identity", Input = { value.Name }, Output = { name } });
        Graph.Output.Add(Described(name, type, shape));
    }

    /// <summary>Adds an operator without attributes.</summary>
    /// <param name="op">Its name in ONNX.</param>
    /// <param name="operands">Its operands; null for one that is left out.</param>
    public OnnxValue Op(string op, params OnnxValue?[] operands) => Ops(op, 1, operands)[0];

    /// <summary>Adds an operator with attributes.</summary>
    /// <param name="op">Its name in ONNX.</param>
    /// <param name="operands">Its operands; null for one that is left out.</param>
    /// <param name="attributes">Whole and floating-point numbers, text, and arrays of numbers.</param>
    public OnnxValue Op(string op, OnnxValue?[] operands, params (string Name, object Value)[] attributes) =>
        Ops(op, 1, operands, attributes)[0];

    /// <summary>Adds an operator with several results.</summary>
    public OnnxValue[] Ops(string op, int results, OnnxValue?[] operands, params (string Name, object Value)[] attributes)
    {
        NodeProto node = new() { OpType = op };
        foreach (OnnxValue? operand in operands) node.Input.Add(operand?.Name ?? "");
        foreach (var (name, value) in attributes) node.Attribute.Add(Attribute(name, value));
        OnnxValue[] values = new OnnxValue[results];
        for (int i = 0; i < results; i++)
        {
            values[i] = new(this, NewName(op));
            node.Output.Add(values[i].Name);
        }
        node.Name = values[0].Name;
        Graph.Node.Add(node);
        return values;
    }

    /// <summary>0, 1, … up to a number, which is left out: int64 [count].</summary>
    /// <param name="count">int64 [1].</param>
    public OnnxValue Range(OnnxValue count) => Op("Range", Const(0L), count.Squeeze(0), Const(1L));

    /// <summary>Joins values along a dimension.</summary>
    public OnnxValue Concat(long axis, params OnnxValue[] values) => Op("Concat", values, ("axis", axis));

    /// <summary>A scalar of the <see cref="FloatType"/>.</summary>
    public OnnxValue Const(float value) => Const([value], []);

    /// <summary>An int64 scalar.</summary>
    public OnnxValue Const(long value) => new(this, initializers.Constant(DataType.Int64, [value], []));

    /// <summary>A bool scalar.</summary>
    public OnnxValue Const(bool value) => new(this, initializers.Constant(DataType.Bool, [value], []));

    /// <summary>int64 [values].</summary>
    public OnnxValue Const(long[] values) => Const(values, values.Length);

    /// <summary>[values], of the <see cref="FloatType"/>.</summary>
    public OnnxValue Const(float[] values) => Const(values, values.Length);

    /// <summary>int64, row by row.</summary>
    public OnnxValue Const(long[] values, params long[] shape) => new(this, initializers.Constant(DataType.Int64, values, shape));

    /// <summary>Values of the <see cref="FloatType"/>, row by row.</summary>
    public OnnxValue Const(float[] values, params long[] shape) => new(this, FloatType == DataType.Float16
        ? initializers.Constant(FloatType, [.. values.Select(value => (Half)value)], shape)
        : initializers.Constant(FloatType, values, shape));

    /// <summary>A weight; if it is float32, in the <see cref="FloatType"/>.</summary>
    /// <param name="tensor">It must live, unchanged, until the graph is written: it is not copied.</param>
    /// <param name="name">Its name, if the graph does not have it yet.</param>
    public OnnxValue Weight(Tensor tensor, string name) => new(this, initializers.Weight(tensor, name, FloatType));

    /// <summary>Values of one branch or the other.</summary>
    /// <param name="condition">A bool scalar.</param>
    /// <param name="then">Builds the branch that is taken if it is true. All values of this graph can be used there.</param>
    /// <param name="otherwise">Builds the other branch, with as many results.</param>
    public OnnxValue[] If(OnnxValue condition, Func<OnnxGraphBuilder, OnnxValue[]> then, Func<OnnxGraphBuilder, OnnxValue[]> otherwise)
    {
        OnnxGraphBuilder yes = new(this, NewName("then")), no = new(this, NewName("else"));
        OnnxValue[] results = then(yes), others = otherwise(no);
        if (results.Length != others.Length) throw new ArgumentException("The branches have different numbers of results.");
        yes.End(results);
        no.End(others);
        return Ops("If", results.Length, [condition], ("then_branch", yes.Graph), ("else_branch", no.Graph));
    }

    /// <summary>Computes the same for each row of some values; the results have as many rows.</summary>
    /// <param name="values">[N, …] each, float32; N may be 0.</param>
    /// <param name="body">Builds what is computed from a row of each. All values of this graph can be used there, but only as the right
    /// operand of a C# operator, since the left one decides which graph the result belongs to.</param>
    public OnnxValue[] Scan(OnnxValue[] values, Func<OnnxGraphBuilder, OnnxValue[], OnnxValue[]> body)
    {
        OnnxGraphBuilder inner = new(this, NewName("body"));
        OnnxValue[] rows = [.. values.Select(_ => new OnnxValue(inner, NewName("row")))];
        foreach (OnnxValue row in rows) inner.Graph.Input.Add(new ValueInfoProto { Name = row.Name });
        OnnxValue[] results = body(inner, rows);
        inner.End(results);
        // A row of zeros more, whose result is dropped: runtimes fail where there is no row at all.
        OnnxValue[] longer = [.. values.Select(value =>
            Concat(0, value, Const(0f).Expand(Concat(0, Const([1L]), value.Sizes(1)))))];
        return [.. Ops("Scan", results.Length, longer, ("body", inner.Graph), ("num_scan_inputs", values.Length))
            .Select(result => result.Slice(0, 0, -1))];
    }

    /// <summary>Frees the tensors that were made for the graph.</summary>
    public void Dispose() => owned.ForEach(tensor => tensor.Dispose());

    /// <summary>Makes values the outputs of a nested graph, whose types and shapes runtimes infer.</summary>
    private void End(OnnxValue[] results)
    {
        foreach (OnnxValue result in results)
        {
            string name = Op("Identity", new OnnxValue(this, result.Name)).Name;
            Graph.Output.Add(new ValueInfoProto { Name = name });
        }
    }

    private string NewName(string op)
    {
        string name;
        do
        {
            int count = counts[op] = counts.GetValueOrDefault(op) + 1;
            name = $"{op}_{count.ToString(CultureInfo.InvariantCulture)}";
        }
        while (!names.Add(name));
        return name;
    }

    private static ValueInfoProto Described(string name, DataType type, OnnxDimension[] shape)
    {
        TypeProto.Types.Tensor tensor = new() { ElemType = (int)type };
        if (shape.Length > 0) tensor.Shape = new() { Dim = { shape.Select(dimension => dimension.ToProto()) } };
        return new() { Name = name, Type = new() { TensorType = tensor } };
    }

    private static AttributeProto Attribute(string name, object value) => value switch
    {
        long whole => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = whole },
        int whole => Attribute(name, (long)whole),
        float number => new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = number },
        double number => Attribute(name, (float)number),
        string text => new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(text) },
        long[] wholes => new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { wholes } },
        float[] numbers => new() { Name = name, Type = AttributeProto.Types.AttributeType.Floats, Floats = { numbers } },
        GraphProto graph => new() { Name = name, Type = AttributeProto.Types.AttributeType.Graph, G = graph },
        _ => throw new ArgumentException($"{name} is a {value.GetType()}, which no attribute can be.", nameof(value)),
    };
}
