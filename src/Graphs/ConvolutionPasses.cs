using Vision.Ops.Convolution;
using static TorchSharp.torch;

namespace Vision.Graphs;

/// <summary>Brings convolutions together with what follows them: <see cref="Operator"/> does it all in one step.</summary>
internal static class ConvolutionPasses
{
    /// <summary>A convolution with constant weights, then a batch norm, a sum, an activation. Operands: the input, weight, bias, residual,
    /// <see cref="ConvolutionGeometry"/>, <see cref="ConvolutionActivation"/>, <see cref="FoldedBatchNorm"/> or null.</summary>
    public const string Operator = "vision::convolution";

    private const int BiasAt = 2, ResidualAt = 3, GeometryAt = 4, ActivationAt = 5, NormAt = 6;

    private static readonly Dictionary<string, ConvolutionActivation> activations = new()
    {
        ["aten::relu"] = ConvolutionActivation.Relu,
        ["aten::relu6"] = ConvolutionActivation.Relu6,
        ["aten::hardswish"] = ConvolutionActivation.HardSwish,
        ["aten::hardsigmoid"] = ConvolutionActivation.HardSigmoid,
        ["aten::silu"] = ConvolutionActivation.Silu,
        ["aten::sigmoid"] = ConvolutionActivation.Sigmoid,
    };

    /// <summary>Rewrites libtorch's convolutions.</summary>
    /// <exception cref="NotSupportedException">A convolution is not two-dimensional, or its weights are computed.</exception>
    public static void Rewrite(TracedGraph graph) => graph.Nodes = [.. graph.Nodes.Select(node =>
    {
        GraphValue[] a = node.Operands;
        if (node.Operator == "vision::dilated_conv2d")
        {
            long[] dilation = [(long)a[2].Constant!, (long)a[2].Constant!];
            return new GraphNode(Operator, [a[0], a[1], GraphValue.Of(null), GraphValue.Of(null),
                GraphValue.Of(new ConvolutionGeometry([1, 1], dilation, dilation, 1)), GraphValue.Of(ConvolutionActivation.None),
                GraphValue.Of(null)], node.Outputs);
        }
        if (node.Operator != "aten::_convolution" || a[6].Constant is true) return node;
        if (!a[1].IsConstant || !a[2].IsConstant || a[1].Constant is not Tensor { } weight || weight.dim() != 4)
            throw new NotSupportedException(
                $"The graph has a convolution that is not two-dimensional, or whose weights are computed: {node}");
        ConvolutionGeometry geometry = new((long[])a[3].Constant!, (long[])a[4].Constant!, (long[])a[5].Constant!, (long)a[8].Constant!);
        return new GraphNode(Operator, [a[0], a[1], a[2], GraphValue.Of(null), GraphValue.Of(geometry),
            GraphValue.Of(ConvolutionActivation.None), GraphValue.Of(null)], node.Outputs);
    })];

    /// <summary>Takes batch norms into the convolutions before them.</summary>
    public static void FuseBatchNorms(TracedGraph graph) => Merge(graph, (norm, uses) =>
        norm.Operator == "aten::batch_norm" && Source(norm.Operands[0], uses) is { } convolution && !HasEnd(convolution)
        && convolution.Operands[NormAt].Constant is null
            ? With(convolution, norm, (NormAt, GraphValue.Of(FoldedBatchNorm.Of(norm), norm.Operands[2].Name))) : null);

    /// <summary>Takes batch norms into the convolutions before them, and computes the weights of these.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="owned">Gets the new weights.</param>
    public static void FoldBatchNorms(TracedGraph graph, ICollection<Tensor> owned)
    {
        FuseBatchNorms(graph);
        foreach (GraphNode node in graph.Nodes.Where(node => node.Operator == Operator))
        {
            GraphValue[] a = node.Operands;
            if (a[NormAt].Constant is not FoldedBatchNorm norm) continue;
            var (weight, bias) = norm.Into((Tensor)a[1].Constant!, (Tensor?)a[BiasAt].Constant);
            owned.Add(weight.DetachFromDisposeScope());
            owned.Add(bias.DetachFromDisposeScope());
            (a[1], a[BiasAt]) = (GraphValue.Of(weight, a[1].Name), GraphValue.Of(bias, a[NormAt].Name));
            a[NormAt] = GraphValue.Of(null);
        }
    }

    /// <summary>Takes sums of two equally large tensors into one of the convolutions that they are of.</summary>
    public static void FuseSums(TracedGraph graph) => Merge(graph, (sum, uses) =>
    {
        if (Interpreter.PlainName(sum.Operator) != "aten::add" || sum.Operands[2].Constant is not 1L) return null;
        foreach (var (own, other) in new[] { (sum.Operands[0], sum.Operands[1]), (sum.Operands[1], sum.Operands[0]) })
            if (own.Shape is { } shape && other.Shape is { } otherShape && shape.SequenceEqual(otherShape) && own != other
                && Source(own, uses) is { } convolution && !HasEnd(convolution))
                return With(convolution, sum, (ResidualAt, other));
        return null;
    });

    /// <summary>Takes the size that a map is resized to from before a 1×1 convolution, which keeps it: the convolution can then take in the
    /// sum with the resized map.</summary>
    public static void TakeSizesBeforeConvolutions(TracedGraph graph)
    {
        foreach (GraphNode resize in graph.Nodes.Where(node => node.Operator == "vision::resize_nearest_like"))
            if (resize.Operands[1].Producer is { Operator: Operator } convolution && KeepsSize(convolution))
                resize.Operands[1] = convolution.Operands[0];
    }

    /// <summary>Takes nearest interpolation into the sums that convolutions end with, as in feature pyramids: they resize what they
    /// add.</summary>
    public static void FuseResizing(TracedGraph graph) => Merge(graph, (node, uses) =>
        node.Operator == Operator && node.Operands[ResidualAt].Producer is { Operator: var op } resize && uses[resize.Outputs[0]] == 1
        && op is "vision::resize_nearest_like" or "vision::resize_nearest_double"
            ? With(node, node, (ResidualAt, resize.Operands[0])) : null);

    /// <summary>Takes activations into the convolutions before them.</summary>
    public static void FuseActivations(TracedGraph graph) => Merge(graph, (node, uses) =>
        activations.TryGetValue(Interpreter.PlainName(node.Operator), out ConvolutionActivation activation)
        && Source(node.Operands[0], uses) is { } convolution && convolution.Operands[ActivationAt].Constant is ConvolutionActivation.None
        && (activation == ConvolutionActivation.Relu || convolution.Operands[ResidualAt].IsConstant)
            ? With(convolution, node, (ActivationAt, GraphValue.Of(activation))) : null);

    private static bool KeepsSize(GraphNode convolution) => ((Tensor)convolution.Operands[1].Constant!).shape is [_, _, 1, 1]
        && convolution.Operands[GeometryAt].Constant is ConvolutionGeometry { Stride: [1, 1], Padding: [0, 0] };

    private static bool HasEnd(GraphNode convolution) =>
        !convolution.Operands[ResidualAt].IsConstant || convolution.Operands[ActivationAt].Constant is not ConvolutionActivation.None;

    /// <summary>The convolution whose result is used at one place alone.</summary>
    private static GraphNode? Source(GraphValue value, Dictionary<GraphValue, int> uses) =>
        value.Producer is { Operator: Operator } node && uses[value] == 1 ? node : null;

    /// <summary>The convolution with other operands, in the place of a node that follows it.</summary>
    private static GraphNode With(GraphNode convolution, GraphNode end, params ReadOnlySpan<(int At, GraphValue Value)> changes)
    {
        GraphValue[] operands = [.. convolution.Operands];
        foreach (var (at, value) in changes) operands[at] = value;
        return new(Operator, operands, end.Outputs);
    }

    /// <summary>Replaces nodes one by one; what is left without users goes.</summary>
    private static void Merge(TracedGraph graph, Func<GraphNode, Dictionary<GraphValue, int>, GraphNode?> merged)
    {
        Dictionary<GraphValue, int> uses = GraphPasses.Uses(graph);
        graph.Nodes = [.. graph.Nodes.Select(node => merged(node, uses) ?? node)];
        GraphPasses.RemoveUnused(graph);
    }
}
