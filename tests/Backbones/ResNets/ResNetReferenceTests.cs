using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Backbones.Tests;

/// <summary>Networks that torchvision lacks, against tools/Parity/resnet_reference.py: one or
/// two of each kind of block, stem and shortcut.</summary>
public class ResNetReferenceTests
{
    [Trait("Category", "Slow")]
    [SkippableTheory]
    [InlineData("resnet18d"), InlineData("resnet50d")]
    [InlineData("seresnet18"), InlineData("seresnext50_32x4d")]
    [InlineData("res2net50_26w_4s")]
    [InlineData("preact_resnet18"), InlineData("preact_resnet50")]
    [InlineData("preact_resnet20_cifar"), InlineData("preact_resnet164_cifar")]
    [InlineData("resnet20_cifar")]
    public void StagesAndLogitsAreTheReferences(string name)
    {
        using var folder = new TempFolder();
        Peer.Run("resnet_reference.py", folder["weights.pth"], folder["out.pth"], name);
        using var scope = NewDisposeScope();
        var expected = WeightFile.Read(folder["out.pth"]);
        using Backbone model = BackboneRegistry.Create(name, new BackboneOptions { NumClasses = 7 });
        model.LoadWeights(WeightFile.Read(folder["weights.pth"]), "weights.pth");
        model.eval();
        using var noGradient = no_grad();
        Tensor[] stages = model.forward_features(expected["input"], [.. Enumerable.Range(0, model.Stages.Count)]);
        for (int i = 0; i < stages.Length; i++) Close.To(stages[i], expected[$"stage{i}"], 1e-5, model.Stages[i].Name);
        Close.To(model.call(expected["input"]), expected["logits"], 1e-5, "logits");
    }
}
