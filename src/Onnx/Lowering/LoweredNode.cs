using Vision.Graphs;
using Vision.Onnx.Building;
using static TorchSharp.torch;

namespace Vision.Onnx.Lowering;

/// <summary>A node of a traced network whose operands are already in the ONNX graph: what a lowering reads.</summary>
internal readonly struct LoweredNode
{
    private readonly GraphNode node;
    private readonly Dictionary<GraphValue, OnnxValue> values;

    /// <summary>A node to lower.</summary>
    /// <param name="builder">The ONNX graph.</param>
    /// <param name="node">The node.</param>
    /// <param name="values">The values that are in the graph so far.</param>
    public LoweredNode(OnnxGraphBuilder builder, GraphNode node, Dictionary<GraphValue, OnnxValue> values)
    {
        Builder = builder;
        this.node = node;
        this.values = values;
    }

    /// <summary>The ONNX graph.</summary>
    public OnnxGraphBuilder Builder { get; }

    /// <summary>A tensor.</summary>
    public OnnxValue Value(int at) => Optional(at) ?? throw Refused($"its operand {at} is missing");

    /// <summary>A tensor; null for None.</summary>
    public OnnxValue? Optional(int at) => Of(node.Inputs[at]);

    /// <summary>The tensors of a list.</summary>
    public OnnxValue[] Values(int at)
    {
        LoweredNode self = this;
        return node.Inputs[at].Producer is { Operator: "prim::ListConstruct" } list
            ? [.. list.Inputs.Select(item => self.Of(item)!)] : throw Refused($"its operand {at} is no list of tensors");
    }

    /// <summary>A constant tensor.</summary>
    public Tensor Weight(int at) => node.Inputs[at].Constant as Tensor ?? throw Refused($"its operand {at} is computed");

    /// <summary>Whether an operand is None.</summary>
    public bool IsNone(int at) => node.Inputs[at] is { IsConstant: true, Constant: null };

    /// <summary>A whole number.</summary>
    public long Long(int at) => (long)node.Inputs[at].Constant!;

    /// <summary>Whole numbers.</summary>
    public long[] Longs(int at) => node.Inputs[at].Constant as long[] ?? [];

    /// <summary>A number for each of two sides, where libtorch may have one for both; nothing if it has none.</summary>
    public long[] Sides(int at) => Longs(at) is [long both] ? [both, both] : Longs(at);

    /// <summary>The padding of two sides as ONNX has it: before each, then after each.</summary>
    public long[] Padding(int at) => [.. Sides(at), .. Sides(at)];

    /// <summary>A flag.</summary>
    public bool Flag(int at) => node.Inputs[at].Constant is true;

    /// <summary>A number.</summary>
    public float Number(int at) => node.Inputs[at].Constant is long whole ? whole : (float)(double)node.Inputs[at].Constant!;

    /// <summary>A constant of any other type.</summary>
    public T Constant<T>(int at) => (T)node.Inputs[at].Constant!;

    /// <summary>The number of a tensor's dimensions.</summary>
    public int Rank(int at) => node.Inputs[at].Constant is Tensor weight ? (int)weight.dim() : node.Inputs[at].Shape!.Count;

    /// <summary>A tensor's channels, which do not depend on the size of an image.</summary>
    public long Channels(int at) => node.Inputs[at].Shape![1];

    /// <summary>A dimension of a tensor, 0 or more.</summary>
    /// <param name="tensor">The operand that is the tensor.</param>
    /// <param name="axis">The dimension; negative from the end.</param>
    public long Axis(int tensor, long axis) => axis < 0 ? axis + Rank(tensor) : axis;

    /// <summary>The exception that says why a node cannot be exported.</summary>
    public NotSupportedException Refused(string reason) => new($"The operator {node.Operator} cannot be exported: {reason}.");

    private OnnxValue? Of(GraphValue value)
    {
        if (!value.IsConstant) return values[value];
        return value.Constant switch
        {
            null => null,
            Tensor weight => Builder.Weight(weight, value.Name),
            double number => Builder.Const((float)number),
            long whole => Builder.Const((float)whole),
            _ => throw Refused($"it computes with a {value.Constant.GetType().Name}"),
        };
    }
}
