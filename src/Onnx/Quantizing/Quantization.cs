using System.Runtime.InteropServices;
using Google.Protobuf;
using Vision.Onnx.Schema;

namespace Vision.Onnx.Quantizing;

/// <summary>
/// Computes a graph's convolutions and products with 8-bit integers, described as ONNX recommends: values and weights are rounded by
/// QuantizeLinear and DequantizeLinear, and runtimes make integer kernels of what stands between them. Values are unsigned with one range
/// each, weights signed with a scale for each channel, biases are 32-bit.
/// </summary>
internal sealed class Quantization
{
    // Older CPUs add two products in 16 bits: weights of 7 bits never overflow there.
    private const int LargestWeight = 63;

    private readonly GraphProto graph;
    private readonly IReadOnlyDictionary<string, (float Low, float High)> ranges;
    private readonly Dictionary<string, TensorProto> weights;
    private readonly Dictionary<string, (string Name, float[] Scales)> rounded = [];
    private readonly HashSet<string> replaced = [];
    private readonly List<NodeProto> nodes = [];

    private Quantization(GraphProto graph, IReadOnlyDictionary<string, (float Low, float High)> ranges)
    {
        this.graph = graph;
        this.ranges = ranges;
        weights = graph.Initializer.ToDictionary(tensor => tensor.Name);
    }

    /// <summary>Rewrites a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="quantized">What is computed with integers.</param>
    /// <param name="ranges">The ranges of <see cref="QuantizedNodes.Values"/>.</param>
    public static void Apply(GraphProto graph, QuantizedNodes quantized, IReadOnlyDictionary<string, (float Low, float High)> ranges) =>
        new Quantization(graph, ranges).Rewrite(quantized);

    private void Rewrite(QuantizedNodes quantized)
    {
        HashSet<NodeProto> chosen = new(quantized.Nodes, ReferenceEqualityComparer.Instance);
        foreach (ValueInfoProto input in graph.Input) Round(input.Name);
        foreach (NodeProto node in graph.Node)
        {
            if (chosen.Contains(node)) RoundWeights(node);
            for (int i = 0; i < node.Input.Count; i++)
                if (ranges.ContainsKey(node.Input[i])) node.Input[i] = Dequantized(node.Input[i]);
            nodes.Add(node);
            foreach (string output in node.Output) Round(output);
        }
        graph.Node.Clear();
        graph.Node.Add(nodes);
        HashSet<string> used = [.. nodes.SelectMany(node => node.Input)];
        TensorProto[] kept = [.. graph.Initializer.Where(tensor => used.Contains(tensor.Name) || !replaced.Contains(tensor.Name))];
        graph.Initializer.Clear();
        graph.Initializer.Add(kept);
    }

    /// <summary>Rounds a value where it is made, if it has a range.</summary>
    private void Round(string value)
    {
        if (!ranges.ContainsKey(value)) return;
        var (scale, zero) = Grid(value);
        string scaleName = Constant($"{value}_scale", DataType.Float, [scale], []);
        string zeroName = Constant($"{value}_zero_point", DataType.Uint8, [zero], []);
        string integers = $"{value}_quantized";
        nodes.Add(new() { OpType = "QuantizeLinear", Input = { value, scaleName, zeroName }, Output = { integers } });
        nodes.Add(new() { OpType = "DequantizeLinear", Input = { integers, scaleName, zeroName }, Output = { Dequantized(value) } });
    }

    /// <summary>The numbers that a value is rounded to. Zero is one of them, since borders are padded with it.</summary>
    private (float Scale, byte Zero) Grid(string value)
    {
        float low = Math.Min(ranges[value].Low, 0), high = Math.Max(ranges[value].High, 0);
        float scale = high > low ? (high - low) / byte.MaxValue : 1;
        return (scale, (byte)MathF.Round(-low / scale));
    }

    private void RoundWeights(NodeProto node)
    {
        float scale = Grid(node.Input[0]).Scale;
        var (name, scales) = RoundedWeight(node.Input[1], ChannelAxis(node));
        node.Input[1] = name;
        if (node.Input.Count > 2 && weights.TryGetValue(node.Input[2], out TensorProto? bias) && bias.Dims.Count == 1)
            node.Input[2] = RoundedBias(bias, $"{node.Name}_bias", [.. scales.Select(own => own * scale)]);
    }

    private static int ChannelAxis(NodeProto node) =>
        node.OpType == "Conv" || node.Attribute.Any(attribute => attribute is { Name: "transB", I: 1 }) ? 0 : 1;

    private (string Name, float[] Scales) RoundedWeight(string name, int axis)
    {
        if (rounded.TryGetValue(name, out (string, float[]) known)) return known;
        TensorProto weight = weights[name];
        replaced.Add(name);
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(weight.RawData.Span);
        int channels = (int)weight.Dims[axis], inner = 1;
        for (int i = axis + 1; i < weight.Dims.Count; i++) inner *= (int)weight.Dims[i];
        float[] scales = new float[channels];
        for (int i = 0; i < values.Length; i++)
        {
            ref float scale = ref scales[i / inner % channels];
            scale = Math.Max(scale, Math.Abs(values[i]) / LargestWeight);
        }
        foreach (ref float scale in scales.AsSpan())
            if (scale == 0) scale = 1;
        sbyte[] integers = new sbyte[values.Length];
        for (int i = 0; i < values.Length; i++) integers[i] = (sbyte)MathF.Round(values[i] / scales[i / inner % channels]);
        return rounded[name] = (Dequantize(name, DataType.Int8, integers, [.. weight.Dims], scales, axis), scales);
    }

    private string RoundedBias(TensorProto bias, string name, float[] scales)
    {
        replaced.Add(bias.Name);
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(bias.RawData.Span);
        int[] integers = new int[values.Length];
        for (int i = 0; i < values.Length; i++)
            integers[i] = (int)Math.Clamp(Math.Round((double)values[i] / scales[i]), int.MinValue, int.MaxValue);
        return Dequantize(name, DataType.Int32, integers, [.. bias.Dims], scales, 0);
    }

    private string Dequantize<T>(string name, DataType type, T[] integers, long[] shape, float[] scales, int axis) where T : unmanaged
    {
        NodeProto node = new()
        {
            OpType = "DequantizeLinear", Output = { Dequantized(name) },
            Input =
            {
                Constant($"{name}_quantized", type, integers, shape), Constant($"{name}_scale", DataType.Float, scales, [scales.Length]),
                Constant($"{name}_zero_point", type, new T[scales.Length], [scales.Length]),
            },
            Attribute = { new AttributeProto { Name = "axis", Type = AttributeProto.Types.AttributeType.Int, I = axis } },
        };
        nodes.Add(node);
        return node.Output[0];
    }

    private string Constant<T>(string name, DataType type, T[] values, long[] shape) where T : unmanaged
    {
        graph.Initializer.Add(new TensorProto
        {
            Name = name, DataType = (int)type, Dims = { shape }, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<T>(values)),
        });
        return name;
    }

    private static string Dequantized(string name) => $"{name}_dequantized";
}
