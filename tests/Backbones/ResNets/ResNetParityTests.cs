using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Backbones.Tests;

public class ResNetParityTests
{
    [SkippableTheory]
    [InlineData("resnet18"), InlineData("resnext50_32x4d")]
    public void TheSameSeedGivesTheSameNetworkAndFeatures(string name)
    {
        using var folder = new TempFolder();
        Peer.Run("resnet_seeded.py", folder["out.pth"], name);
        using var scope = NewDisposeScope();
        var expected = WeightFile.Read(folder["out.pth"]);

        random.manual_seed(7);
        using Backbone model = BackboneRegistry.Create(name, new BackboneOptions());
        Close.To(rand(4), expected["random"], 0, "the random numbers after the weights");
        model.eval();
        using var noGradient = no_grad();
        Tensor[] stages = model.forward_features(expected["input"], 0, 1, 2, 3, 4);
        for (int i = 0; i < stages.Length; i++) Close.To(stages[i], expected[$"stage{i}"], 1e-5, model.Stages[i].Name);
        Close.To(model.call(expected["input"]), expected["logits"], 1e-5, "logits");
    }

    [SkippableTheory]
    [InlineData(NormKind.BatchNorm), InlineData(NormKind.FrozenBatchNorm), InlineData(NormKind.GroupNorm)]
    public void LoadedWeightsGiveTheSameOutputsAndGradients(NormKind norm)
    {
        using var folder = new TempFolder();
        Peer.Run("resnet_loaded.py", folder["weights.pth"], folder["out.pth"], norm.ToString());
        using var scope = NewDisposeScope();
        var expected = WeightFile.Read(folder["out.pth"]);

        using Backbone model = BackboneRegistry.Create("resnet18", new BackboneOptions { NumClasses = 5, Norm = norm });
        model.LoadWeights(WeightFile.Read(folder["weights.pth"]), "weights.pth");
        Tensor input = expected["input"].requires_grad_();
        model.eval();
        Close.To(model.call(input), expected["evaluated"], 1e-5, "logits in evaluation");
        model.train();
        Tensor trained = model.call(input);
        Close.To(trained, expected["trained"], 1e-5, "logits in training");
        trained.square().sum().backward();
        Close.To(input.grad!, expected["input.grad"], 1e-4, "gradient of the input");
        Close.To(model.get_parameter("conv1.weight")!.grad!, expected["conv1.grad"], 1e-4, "gradient of conv1");
        Close.To(model.get_parameter("fc.weight")!.grad!, expected["fc.grad"], 1e-4, "gradient of fc");
    }
}
