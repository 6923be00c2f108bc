using TorchSharp;
using Vision.Backbones;
using Vision.Classification;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Onnx.Tests;

/// <summary>Registered classifiers, exported: ONNX Runtime's logits are those of the network, for several images of any size.</summary>
[Trait("Category", "Slow")]
public class ClassifierExportTests
{
    /// <summary>Set to 1, every registered classifier is exported: a quarter of an hour.</summary>
    private const string AllVariable = "VISION_EXPORT_ALL";

    // A smaller and a larger network of a family have the same operators.
    private static readonly string[] sample =
    [
        "resnet20_cifar", "resnet18d", "seresnet18", "resnext50_32x4d", "res2net50_26w_4s", "preact_resnet18", "preact_resnet20_cifar",
        "densenet121", "mobilenet_v2", "mobilenet_v3_small", "efficientnet_b0", "regnet_y_400mf", "convnext_tiny", "swin_t",
    ];

    public static TheoryData<string> Names => [.. Environment.GetEnvironmentVariable(AllVariable) == "1"
        ? BackboneRegistry.Names : sample];

    [Theory, MemberData(nameof(Names))]
    public void LogitsAreThoseOfTheNetwork(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using TempFolder folder = new();
        var (network, description) = ExportedModels.Classifier(name);
        using (network)
        {
            Exporter.ToOnnx(network, description, folder["model.onnx"], new());
            using Ort exported = new(folder["model.onnx"]);
            ClassifierInput input = new(description.Preprocessing);
            foreach (Tensor images in (Tensor[])[rand(2, 3, 64, 64), rand(2, 3, 97, 75)])
                Close.To(exported.Run(images)[0], network.call(input.Normalize(images, CPU)), 2e-5, $"logits of {images.shape[2]} pixels");
        }
    }
}
