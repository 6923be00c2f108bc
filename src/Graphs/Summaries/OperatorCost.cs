namespace Vision.Graphs;

/// <summary>What operators cost, by the shapes that a graph recorded.</summary>
internal static class OperatorCost
{
    private const int FloatBytes = 4;

    // Their results share the memory of an operand.
    private static readonly HashSet<string> views =
    [
        "aten::flatten", "aten::permute", "aten::t", "aten::transpose", "aten::view", "aten::reshape", "aten::unflatten", "aten::narrow",
        "aten::slice", "aten::select", "aten::squeeze", "aten::unsqueeze", "aten::expand", "aten::expand_as", "aten::chunk", "aten::split",
        "aten::split_with_sizes", "aten::unbind", "aten::dropout", "aten::detach", "aten::alias", "aten::contiguous", "prim::ListUnpack",
    ];

    /// <summary>Whether an operator only looks at its operand in another way.</summary>
    public static bool IsView(GraphNode node) => views.Contains(node.Operator)
        || (node.Operator == "vision::cover_like" && Shape(node.Outputs[0]).SequenceEqual(Shape(node.Inputs[0])));

    /// <summary>Multiply-adds of the convolutions and products, as torchvision publishes them: norms, activations, sums and pooling are
    /// not counted.</summary>
    public static long MultiplyAdds(GraphNode node)
    {
        if (WeightOf(node) is { } weight)
            // A transposed convolution uses each weight once for each of its input's pixels.
            return Count(IsTransposed(node) ? Shape(node.Inputs[0]) : Shape(node.Outputs[0])) * Count(weight.Skip(1));
        return node.Operator switch
        {
            "aten::addmm" => Count(Shape(node.Outputs[0])) * Shape(node.Inputs[1])[^1],
            "aten::linear" or "aten::matmul" or "aten::mm" or "aten::bmm" => Count(Shape(node.Outputs[0])) * Shape(node.Inputs[0])[^1],
            "aten::baddbmm" => Count(Shape(node.Outputs[0])) * Shape(node.Inputs[1])[^1],
            // Queries times keys, then weights times values: [..., L, E], [..., S, E], [..., S, V].
            "aten::scaled_dot_product_attention" =>
                Count(Shape(node.Inputs[0])) * Shape(node.Inputs[1])[^2] + Count(Shape(node.Outputs[0])) * Shape(node.Inputs[1])[^2],
            _ => 0,
        };
    }

    /// <summary>Bytes of new memory that the results take; none if they share an operand's.</summary>
    public static long ActivationBytes(GraphNode node) =>
        node.Operator.EndsWith('_') || IsView(node) ? 0 : node.Outputs.Sum(output => Count(output.Shape ?? [0])) * FloatBytes;

    /// <summary>The shape of a convolution's weight, [K, C/groups, kh, kw]; null if it is none.</summary>
    public static long[]? WeightOf(GraphNode node) => node.Operator switch
    {
        "aten::_convolution" or "vision::dilated_conv2d" => Shape(node.Inputs[1]),
        "vision::deform_conv2d" => Shape(node.Inputs[2]),
        _ => null,
    };

    /// <summary>Whether it is a transposed convolution.</summary>
    public static bool IsTransposed(GraphNode node) => node.Operator == "aten::_convolution" && node.Inputs[6].Constant is true;

    /// <summary>The shape of a tensor.</summary>
    public static long[] Shape(GraphValue value) => [.. value.Shape ?? []];

    /// <summary>The number of elements of a shape.</summary>
    public static long Count(IEnumerable<long> shape) => shape.Aggregate(1L, (product, size) => product * size);
}
