using TorchSharp;
using Vision.Data;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Segmentation.Tests;

/// <summary>Every segmenter, compiled: its logits are those of the network, for images of any size.</summary>
[Trait("Category", "Slow")]
public class CompiledSegmenterTests
{
    public static TheoryData<string> Names => [.. SegmenterCatalog.DefaultNames];

    [Theory, MemberData(nameof(Names))]
    public void LogitsAreThoseOfTheNetwork(string name)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        string backbone = SegmenterCatalog.BackboneOf(name) == "resnet50" ? "resnet18" : SegmenterCatalog.BackboneOf(name);
        using Segmenter network = SegmenterCatalog.Create(name, new() { NumClasses = 4, Backbone = backbone });
        foreach (var (key, buffer) in network.named_buffers())
        {
            if (key.EndsWith("running_mean", StringComparison.Ordinal)) buffer.normal_(0, 0.1);
            if (key.EndsWith("running_var", StringComparison.Ordinal)) buffer.uniform_(0.8, 1.2);
        }
        network.eval();
        Tensor[] images = [rand(3, 97, 131), rand(3, 200, 64), rand(3, 40, 33)];
        Tensor[] expected = [.. images.Select(network.Logits)];
        network.Compile();
        for (int i = 0; i < images.Length; i++)
            Close.To(network.Logits(images[i]), expected[i], 3e-5, $"logits of {string.Join('×', images[i].shape)}");
        LiveTensors.Unchanged(() => network.Logits(images[0]).Dispose());

        network.train();
        network.eval();
        Close.To(network.Logits(images[0]), expected[0], 0, "not compiled any more");
    }
}
