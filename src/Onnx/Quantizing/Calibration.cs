using Vision.Onnx.Schema;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Onnx.Quantizing;

/// <summary>Measures the values of a graph on images.</summary>
internal static class Calibration
{
    private const string Low = "_least", High = "_largest";

    /// <summary>The ranges of values: the mean over all images of the least value, and of the largest, so that one odd image does not widen
    /// them.</summary>
    /// <param name="graph">The graph, with one input.</param>
    /// <param name="values">The values.</param>
    /// <param name="images">The images, each [1, 3, H, W]; each is disposed before the next one is asked for.</param>
    public static IReadOnlyDictionary<string, (float Low, float High)> Ranges(GraphProto graph, IReadOnlyList<string> values,
        IEnumerable<Tensor> images)
    {
        GraphProto measuring = graph.Clone();
        measuring.Output.Clear();
        foreach (string value in values) Measure(measuring, "ReduceMin", value, value + Low);
        foreach (string value in values) Measure(measuring, "ReduceMax", value, value + High);
        using ScratchNetwork network = new(measuring);
        double[] sums = new double[2 * values.Count];
        int count = 0;
        foreach (Tensor image in images)
        {
            using var scope = NewDisposeScope();
            using (image)
            {
                Tensor[] extremes = network.Run(image);
                for (int i = 0; i < sums.Length; i++) sums[i] += extremes[i].ToHost<float>()[0];
            }
            count++;
        }
        return Enumerable.Range(0, values.Count).ToDictionary(i => values[i],
            i => ((float)(sums[i] / count), (float)(sums[values.Count + i] / count)));
    }

    private static void Measure(GraphProto graph, string op, string value, string name)
    {
        graph.Node.Add(new NodeProto
        {
            OpType = op, Input = { value }, Output = { name },
            Attribute = { new AttributeProto { Name = "keepdims", Type = AttributeProto.Types.AttributeType.Int, I = 0 } },
        });
        graph.Output.Add(new ValueInfoProto
        {
            Name = name, Type = new() { TensorType = new() { ElemType = (int)DataType.Float, Shape = new() } },
        });
    }
}
