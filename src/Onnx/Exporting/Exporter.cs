using TorchSharp;
using Vision.Backbones;
using Vision.Classification;
using Vision.Onnx.Building;
using Vision.Onnx.Exporting;
using Vision.Segmentation;
using static TorchSharp.torch;

namespace Vision.Onnx;

/// <summary>
/// Writes trained models as ONNX files (opset 17) that any other program can run. They contain the normalization of images, hold for
/// images of any size and number, and say in their metadata what their input and outputs mean (<see cref="OnnxContract"/>).
/// </summary>
/// <example><code>
/// using var model = TrainedSegmenter.Load("best.safetensors");
/// Exporter.ToOnnx(model, "streets.onnx");
/// </code></example>
public static class Exporter
{
    // A fingerprint must be small, and yet see the whole network.
    private const int FingerprintSide = 96, FingerprintBlock = 8, FingerprintValues = 4096;
    private const uint FingerprintSeed = 1;

    // Ten times what other orders of summation were seen to make.
    private const double RoundingTolerance = 1e-3;

    /// <summary>Exports a classifier: its input is a batch of crops, "image" [N, 3, H, W], and its output "logits" [N, classes].</summary>
    /// <param name="model">The classifier, on the CPU.</param>
    /// <param name="path">The file; weights above 2 GB go to a second one, named after it with ".data" at the end.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="InputException">The file exists.</exception>
    /// <exception cref="PlatformNotSupportedException">This system lacks libtorch's tracer: it is on Linux on x86-64.</exception>
    /// <exception cref="NotSupportedException">The network is on a GPU, or does something that cannot be exported; the message says
    /// what.</exception>
    public static void ToOnnx(TrainedClassifier model, string path, ExportOptions? options = null) =>
        ToOnnx(model.Model, model.Description, path, options ?? new());

    /// <summary>Exports a segmenter: its input is a batch of images, "image" [N, 3, H, W], and its output "logits" [N, classes, H, W].
    /// Images whose sides the network cannot divide are padded and cropped inside.</summary>
    /// <param name="model">The segmenter, on the CPU.</param>
    /// <param name="path">The file; weights above 2 GB go to a second one, named after it with ".data" at the end.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="InputException">The file exists.</exception>
    /// <exception cref="PlatformNotSupportedException">This system lacks libtorch's tracer: it is on Linux on x86-64.</exception>
    /// <exception cref="NotSupportedException">The network is on a GPU, or does something that cannot be exported; the message says
    /// what.</exception>
    public static void ToOnnx(TrainedSegmenter model, string path, ExportOptions? options = null) =>
        ToOnnx(model.Model, model.Description, path, options ?? new());

    /// <summary>Exports a classifier that is not in a file.</summary>
    internal static void ToOnnx(Backbone network, ClassifierDescription description, string path, ExportOptions options)
    {
        OnnxModelFile.Check(path, options.Overwrite);
        using OnnxGraphBuilder graph = ExportedGraph.Of(network, description);
        OnnxFingerprint fingerprint = Fingerprint(image =>
            network.call(new ClassifierInput(description.Preprocessing).Normalize(image, CPU)));
        Write(path, graph, ContractOf.Classifier(description, fingerprint));
    }

    /// <summary>Exports a segmenter that is not in a file.</summary>
    internal static void ToOnnx(Segmenter network, SegmenterDescription description, string path, ExportOptions options)
    {
        OnnxModelFile.Check(path, options.Overwrite);
        using OnnxGraphBuilder graph = ExportedGraph.Of(network, description);
        Write(path, graph, ContractOf.Segmenter(description, Fingerprint(image => network.Logits(image[0]))));
    }

    private static OnnxFingerprint Fingerprint(Func<Tensor, Tensor> logits)
    {
        using var noGradient = inference_mode();
        using var scope = NewDisposeScope();
        OnnxFingerprint empty = new()
        {
            Seed = FingerprintSeed, Height = FingerprintSide, Width = FingerprintSide, Block = FingerprintBlock,
            Tolerance = RoundingTolerance, Outputs = [],
        };
        return empty with { Outputs = [OnnxExpected.Of(ContractOf.Logits, logits(empty.Image()), FingerprintValues)] };
    }

    private static void Write(string path, OnnxGraphBuilder graph, OnnxContract contract) =>
        OnnxModelFile.Write(path, graph.Graph, new Dictionary<string, string> { [OnnxContract.Key] = contract.ToJson() });
}
