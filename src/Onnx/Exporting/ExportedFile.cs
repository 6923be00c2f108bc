using OpenCvSharp;
using TorchSharp;
using Vision.Data;
using Vision.Onnx.Building;
using Vision.Onnx.Quantizing;
using Vision.Onnx.Schema;
using static TorchSharp.torch;

namespace Vision.Onnx.Exporting;

/// <summary>Writes the file of any kind of model: in the wanted precision, with its contract and fingerprint.</summary>
internal sealed class ExportedFile
{
    // Ten times what other orders of summation, or other integer kernels, were seen to make.
    private const double RoundingTolerance = 1e-3, HalfTolerance = 5e-2, IntegerTolerance = 0.2;

    private const int MostImages = 200;

    private readonly string path;
    private readonly ExportOptions options;

    /// <summary>A file that is not written yet.</summary>
    /// <exception cref="InputException">It exists, or there are no images to calibrate with.</exception>
    public ExportedFile(string path, ExportOptions options)
    {
        this.path = path;
        this.options = options;
        OnnxModelFile.Check(path, options.Overwrite);
        if (options.Precision != ExportPrecision.Int8) return;
        if (options.Calibration is null)
            throw new InputException($"{path}: the ranges of 8-bit integers are measured on images; give a folder of some.");
        ImageFile.InFolder(options.Calibration);
    }

    /// <summary>Writes it.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="build">Builds the graph, with float16 inside if its second argument is true.</param>
    /// <param name="see">What the graph is fed for an image: [1, 3, H, W] in [0, 1].</param>
    /// <param name="compute">What the network itself computes for that: the graph's outputs, in order.</param>
    /// <param name="contract">The contract with a fingerprint.</param>
    public void Write(string name, Action<OnnxGraphBuilder, bool> build, Func<Mat, Tensor> see, Func<Tensor, Tensor[]> compute,
        Func<OnnxFingerprint, OnnxContract> contract)
    {
        using OnnxGraphBuilder builder = new(name);
        build(builder, options.Precision == ExportPrecision.Half);
        GraphProto graph = builder.Graph;
        if (options.Precision == ExportPrecision.Int8)
        {
            QuantizedNodes nodes = new(graph);
            Quantization.Apply(graph, nodes, Calibration.Ranges(graph, nodes.Values, Images(see)));
        }
        OnnxModelFile.Write(path, graph,
            new Dictionary<string, string> { [OnnxContract.Key] = contract(Fingerprint(graph, compute)).ToJson() });
    }

    private IEnumerable<Tensor> Images(Func<Mat, Tensor> see)
    {
        IReadOnlyList<string> files = ImageFile.InFolder(options.Calibration!);
        int count = Math.Min(files.Count, MostImages);
        for (int i = 0; i < count; i++)
        {
            using Mat image = ImageFile.Read(files[(int)((long)i * files.Count / count)]);
            yield return see(image);
        }
    }

    private OnnxFingerprint Fingerprint(GraphProto graph, Func<Tensor, Tensor[]> compute)
    {
        string[] names = [.. graph.Output.Select(output => output.Name)];
        if (options.Precision == ExportPrecision.Float32 || options.Precision == ExportPrecision.Half && names is [ContractOf.Logits])
            return StableFingerprint.Of(names, compute, options.Precision == ExportPrecision.Float32 ? RoundingTolerance : HalfTolerance);
        // The network itself does not round as integers do, nor selects the same objects as float16.
        using ScratchNetwork network = new(graph.Clone());
        return StableFingerprint.Of(names, network.Run, options.Precision == ExportPrecision.Half ? HalfTolerance : IntegerTolerance);
    }
}
