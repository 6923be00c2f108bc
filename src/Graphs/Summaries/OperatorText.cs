namespace Vision.Graphs;

/// <summary>Says in words what a step of a network does.</summary>
internal static class OperatorText
{
    private static readonly Dictionary<string, string> names = new()
    {
        ["_pad_enum"] = "pad",
        ["add"] = "add",
        ["addmm"] = "linear",
        ["batch_norm"] = "batch norm",
        ["bmm"] = "matmul",
        ["cat"] = "concat",
        ["cover_like"] = "resize",
        ["dilated_conv2d"] = "conv",
        ["gelu"] = "GELU",
        ["group_norm"] = "group norm",
        ["hardsigmoid"] = "hard sigmoid",
        ["hardswish"] = "hard swish",
        ["join_windows_like"] = "join windows",
        ["ListUnpack"] = "split",
        ["layer_norm"] = "layer norm",
        ["mul"] = "multiply",
        ["relu"] = "ReLU",
        ["relu6"] = "ReLU6",
        ["resize_like"] = "resize",
        ["resize_nearest_double"] = "resize, ×2",
        ["resize_nearest_like"] = "resize, nearest",
        ["silu"] = "SiLU",
        ["window_mask_like"] = "window mask",
    };

    /// <summary>The step, such as <c>3×3 conv, 64, /2</c>.</summary>
    public static string Of(SummaryNode step) =>
        OperatorCost.WeightOf(step.Node) is not null ? Convolution(step, " conv") : IsLinear(step) ? $"linear, {step.OutputShape[^1]}"
        : Pooling(step.Node) ?? Name(step.Node);

    /// <summary>A layer with weights, in a list of such layers: <c>3×3, 64, /2</c>. Without weights as <see cref="Of"/>.</summary>
    public static string Short(SummaryNode step) => OperatorCost.WeightOf(step.Node) is not null ? Convolution(step, "") : Of(step);

    /// <summary>Whether it multiplies by a matrix of parameters.</summary>
    public static bool IsLinear(SummaryNode step) =>
        step.MultiplyAdds > 0 && step.Parameters.Count > 0 && OperatorCost.WeightOf(step.Node) is null;

    private static string Convolution(SummaryNode step, string noun)
    {
        GraphNode node = step.Node;
        long[] weight = OperatorCost.WeightOf(node)!;
        bool transposed = OperatorCost.IsTransposed(node);
        long channels = step.OutputShape[1];
        long stride = 1, dilation = 1, groups = 1;
        if (node.Operator == "aten::_convolution")
            (stride, dilation, groups) = (First(node.Inputs[3]), First(node.Inputs[5]), (long)node.Inputs[8].Constant!);
        else if (node.Operator == "vision::dilated_conv2d") dilation = First(node.Inputs[2]);
        else if (node.Operator == "vision::deform_conv2d") (stride, dilation) = (First(node.Inputs[5]), First(node.Inputs[7]));
        string kind = node.Operator == "vision::deform_conv2d" ? " deformable" : transposed ? " transposed" : "";
        if (groups > 1) kind += groups == channels && weight[1] == 1 ? " depthwise" : $" grouped by {groups}";
        return $"{weight[^2]}×{weight[^1]}{kind}{noun}, {channels}" +
            (stride > 1 ? transposed ? $", ×{stride}" : $", /{stride}" : "") + (dilation > 1 ? $", dilation {dilation}" : "");
    }

    private static string? Pooling(GraphNode node)
    {
        switch (node.Operator)
        {
            case "aten::adaptive_avg_pool2d":
                return node.Inputs[1].Constant is long[] size && size.All(side => side == 1) ? "global average pool"
                    : $"average pool to {string.Join('×', node.Outputs[0].Shape!.TakeLast(2))}";
            case "aten::max_pool2d" or "aten::avg_pool2d":
                long side = First(node.Inputs[1]);
                // Without a stride of its own, pooling has that of its window.
                long stride = node.Inputs[2].Constant is long[] { Length: > 0 } strides ? strides[0] : side;
                return $"{side}×{side} {(node.Operator == "aten::max_pool2d" ? "max" : "average")} pool, /{stride}";
            default:
                return null;
        }
    }

    private static long First(GraphValue value) => value.Constant switch
    {
        long[] { Length: > 0 } numbers => numbers[0],
        long number => number,
        _ => 1,
    };

    private static string Name(GraphNode node)
    {
        string name = node.Operator[(node.Operator.IndexOf("::", StringComparison.Ordinal) + 2)..].TrimEnd('_');
        return names.GetValueOrDefault(name) ?? name.TrimStart('_').Replace('_', ' ');
    }
}
