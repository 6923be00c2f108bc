using TorchSharp;
using Vision.Segmentation;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Onnx.Tests;

/// <summary>Every segmenter, exported: ONNX Runtime's logits are those of the network, for several images of any size, padded and cropped
/// where the network needs it.</summary>
[Trait("Category", "Slow")]
public class SegmenterExportTests
{
    public static TheoryData<string> Names => [.. SegmenterCatalog.DefaultNames];

    [Theory, MemberData(nameof(Names))]
    public void LogitsAreThoseOfTheNetwork(string name)
    {
        using var scope = NewDisposeScope();
        using TempFolder folder = new();
        string backbone = SegmenterCatalog.BackboneOf(name);
        // The smallest of the family.
        string small = backbone.StartsWith("resnet", StringComparison.Ordinal) ? "resnet18"
            : backbone.StartsWith("vgg", StringComparison.Ordinal) ? "vgg11" : backbone;
        var (network, description) = ExportedModels.Segmenter(name, small);
        using (network)
        {
            Exporter.ToOnnx(network, description, folder["model.onnx"], new());
            using Ort exported = new(folder["model.onnx"]);
            foreach (Tensor images in (Tensor[])[rand(2, 3, 97, 131), rand(2, 3, 64, 40)])
                Close.To(exported.Run(images)[0], cat([network.Logits(images[0]), network.Logits(images[1])]), 3e-5,
                    $"logits of {images.shape[2]} × {images.shape[3]}");
        }
    }
}
