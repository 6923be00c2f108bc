using TorchSharp;
using Vision.Backbones;
using Vision.Classification;
using Vision.Detection;
using Vision.Graphs;
using Vision.Onnx.Building;
using Vision.Onnx.Detectors;
using Vision.Onnx.Lowering;
using Vision.Segmentation;
using static TorchSharp.torch;

namespace Vision.Onnx.Exporting;

/// <summary>Whole models as ONNX graphs: networks with what comes before and after them.</summary>
internal static class ExportedGraph
{
    private const string Image = "image";

    // A multiple of every network's stride: any image can follow.
    private const int ExampleSide = 128;

    /// <summary>Adds a classifier: images [N, 3, H, W] in [0, 1] to logits [N, classes].</summary>
    /// <param name="builder">An empty graph.</param>
    /// <param name="network">The network, in evaluation mode, which must live until the graph is written.</param>
    /// <param name="description">Its normalization and classes.</param>
    /// <param name="half">Whether it computes in float16.</param>
    public static void Add(OnnxGraphBuilder builder, Backbone network, ClassifierDescription description, bool half = false)
    {
        OnnxValue image = builder.Input(Image, DataType.Float, "N", 3, "H", "W");
        OnnxValue pixels = Normalized(image, description.Preprocessing.Mean, description.Preprocessing.Std);
        builder.Output(ContractOf.Logits, Lowered(network, pixels, half), DataType.Float, "N", description.Categories.Count);
    }

    /// <summary>Adds a segmenter: images [N, 3, H, W] in [0, 1] to logits [N, classes, H, W].</summary>
    /// <param name="builder">An empty graph.</param>
    /// <param name="network">The network, in evaluation mode, which must live until the graph is written.</param>
    /// <param name="description">Its normalization and classes.</param>
    /// <param name="half">Whether it computes in float16.</param>
    public static void Add(OnnxGraphBuilder builder, Segmenter network, SegmenterDescription description, bool half = false)
    {
        OnnxValue image = builder.Input(Image, DataType.Float, "N", 3, "H", "W");
        OnnxValue pixels = Normalized(image, description.Options.ImageMean, description.Options.ImageStd);
        long divisor = network.Architecture.SizeDivisor;
        OnnxValue logits = divisor == 1 ? Lowered(network, pixels, half)
            : Lowered(network, Padded(pixels, divisor), half).Slice([2, 3], builder.Const([0L, 0]), image.Sizes(2));
        builder.Output(ContractOf.Logits, logits, DataType.Float, "N", network.NumClasses, "H", "W");
    }

    /// <summary>A detector's graph: an image [1, 3, H, W] in [0, 1] to its detections.</summary>
    public static void Add(OnnxGraphBuilder builder, Detector network, DetectorDescription description, bool half = false)
    {
        Check(network);
        OnnxValue image = builder.Input(Image, DataType.Float, 1, 3, "H", "W");
        DetectorOutputs outputs = DetectorGraph.Of(new(network, description.Categories.Count, half), image);
        builder.Output(ContractOf.Boxes, outputs.Boxes, DataType.Float, "D", 4);
        builder.Output(ContractOf.Scores, outputs.Scores, DataType.Float, "D");
        builder.Output(ContractOf.Labels, outputs.Labels, DataType.Int64, "D");
        if (outputs.Masks is { } masks) builder.Output(ContractOf.Masks, masks, DataType.Bool, "D", "H", "W");
        if (outputs.Keypoints is { } points)
            builder.Output(ContractOf.Keypoints, points, DataType.Float, "D", description.Options.NumKeypoints, 3);
    }

    private static OnnxValue Lowered(nn.Module<Tensor, Tensor> network, OnnxValue pixels, bool half)
    {
        Check(network);
        using Tensor example = zeros(1, 3, ExampleSide, ExampleSide);
        return NetworkLowering.Add(pixels.Builder, TracedGraph.Of(network, example), half, pixels)[0];
    }

    private static void Check(nn.Module network)
    {
        if (network.training) throw new ArgumentException("A network is exported in evaluation mode: call eval() first.", nameof(network));
        if (network.parameters().Any(parameter => parameter.device_type != DeviceType.CPU))
            throw new NotSupportedException("The network is on a GPU; load it on the CPU to export it.");
    }

    /// <summary>The difference of an image from the mean color, in units of the standard deviation.</summary>
    public static OnnxValue Normalized(OnnxValue image, IReadOnlyList<float> mean, IReadOnlyList<float> std) =>
        (image - image.Builder.Const([.. mean], 1, 3, 1, 1)) / image.Builder.Const([.. std], 1, 3, 1, 1);

    /// <summary>Zeros, which are the mean color, at the right and bottom up to multiples of a number.</summary>
    private static OnnxValue Padded(OnnxValue pixels, long divisor)
    {
        OnnxGraphBuilder builder = pixels.Builder;
        OnnxValue missing = builder.Op("Mod", -pixels.Sizes(2), builder.Const(divisor));                // as Python's: never negative
        return builder.Op("Pad", pixels, builder.Concat(0, builder.Const([0L, 0, 0, 0, 0, 0]), missing));
    }
}
