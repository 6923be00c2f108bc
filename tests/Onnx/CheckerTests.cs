using OpenCvSharp;
using Vision.Onnx.Building;
using Vision.Onnx.Exporting;
using Vision.Testing;

namespace Vision.Onnx.Tests;

/// <summary>ONNX's own checker and shape inference, by Debian's Python, accept what is exported.</summary>
[Trait("Category", "Slow")]
public class CheckerTests
{
    private static byte[] OnePixel
    {
        get
        {
            using Mat image = new(1, 1, MatType.CV_8UC3, Scalar.Gray);
            return image.ImEncode();
        }
    }

    [SkippableFact]
    public void ExportedFilesAreValid()
    {
        Peer.Require();
        using TempFolder folder = new();
        List<string> files = [];
        string images = folder.Write("images/a.png", OnePixel);
        foreach (var (name, precision) in new[]
        {
            ("res2net50_26w_4s", ExportPrecision.Float32), ("convnext_tiny", ExportPrecision.Float32),
            ("mobilenet_v3_small", ExportPrecision.Half), ("resnet20_cifar", ExportPrecision.Int8),
        })
        {
            var (network, description) = ExportedModels.Classifier(name);
            using (network)
                Exporter.ToOnnx(network, description, Next(),
                    new() { Precision = precision, Calibration = Path.GetDirectoryName(images) });
        }
        int classifiers = files.Count;
        foreach (string name in (string[])["pspnet_", "unet_", "upernet_"])
        {
            var (network, description) = ExportedModels.Segmenter(name + "resnet18");
            using (network) Exporter.ToOnnx(network, description, Next(), new());
        }
        var (outside, described) = ExportedModels.Segmenter("fcn_resnet18");
        using (outside)
        using (OnnxGraphBuilder graph = new("outside"))
        {
            ExportedGraph.Add(graph, outside, described);
            OnnxModelFile.Write(Next(), graph.Graph, new Dictionary<string, string>(), mostInside: 1 << 20);
        }

        string[] shapes = Peer.Run("onnx_check.py", [.. files]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([.. Enumerable.Repeat("N 7", classifiers), .. Enumerable.Repeat("N 7 H W", files.Count - classifiers)], shapes);

        string Next()
        {
            files.Add(folder[$"{files.Count}.onnx"]);
            return files[^1];
        }
    }
}
