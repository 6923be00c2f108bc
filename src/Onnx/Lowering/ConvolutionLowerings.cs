using Vision.Graphs;
using Vision.Onnx.Building;
using Vision.Ops.Convolution;

namespace Vision.Onnx.Lowering;

/// <summary>Convolutions.</summary>
internal static class ConvolutionLowerings
{
    /// <summary>The operators.</summary>
    public static IEnumerable<KeyValuePair<string, Func<LoweredNode, OnnxValue>>> Table { get; } =
        new Dictionary<string, Func<LoweredNode, OnnxValue>>
        {
            [ConvolutionPasses.Operator] = Plain,
            ["aten::_convolution"] = Transposed,                    // only transposed ones are left
            ["vision::deform_conv2d"] = DeformableLowering.Lower,
        };

    private static OnnxValue Plain(LoweredNode a)
    {
        ConvolutionGeometry geometry = a.Constant<ConvolutionGeometry>(4);
        return a.Builder.Op("Conv", [a.Value(0), a.Value(1), a.Optional(2)], ("kernel_shape", a.Weight(1).shape[2..]),
            ("strides", geometry.Stride), ("pads", (long[])[.. geometry.Padding, .. geometry.Padding]), ("dilations", geometry.Dilation),
            ("group", geometry.Groups));
    }

    private static OnnxValue Transposed(LoweredNode a) =>
        a.Builder.Op("ConvTranspose", [a.Value(0), a.Value(1), a.Optional(2)], ("kernel_shape", a.Weight(1).shape[2..]),
            ("strides", a.Sides(3)), ("pads", a.Padding(4)), ("dilations", a.Sides(5)), ("output_padding", a.Sides(7)),
            ("group", a.Long(8)));
}
