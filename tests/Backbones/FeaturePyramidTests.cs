using Vision.Backbones.Weights;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Backbones.Tests;

public class FeaturePyramidTests
{
    [SkippableFact]
    public void LevelsGradientsAndKeysAreTorchvisions()
    {
        using var folder = new TempFolder();
        Peer.Run("fpn.py", folder["out.pth"], folder["keys.txt"]);
        using var scope = NewDisposeScope();
        var expected = WeightFile.Read(folder["out.pth"]);

        random.manual_seed(9);
        using var pyramid = new FeaturePyramid([8, 16, 32], 24);
        Close.To(rand(4), expected["random"], 0, "the random numbers after the weights");
        Tensor[] levels = pyramid.call([expected["stage0"], expected["stage1"], expected["stage2"]]);
        Assert.Equal(4, levels.Length);
        for (int i = 0; i < levels.Length; i++) Close.To(levels[i], expected[$"level{i}"], 1e-5, $"level {i}");

        levels.Select(level => level.square().sum()).Aggregate((sum, value) => sum + value).backward();
        foreach (var (name, parameter) in pyramid.named_parameters())
        {
            Close.To(parameter, expected[$"weight.{name}"], 0, name);
            Close.To(parameter.grad!, expected[$"grad.{name}"], 1e-4, $"gradient of {name}");
        }

        using var backbone = new BackboneWithFpn(BackboneRegistry.Create("resnet50", new BackboneOptions { NumClasses = 0 }));
        Assert.Equal(
            File.ReadLines(folder["keys.txt"]).Order(StringComparer.Ordinal),
            backbone.state_dict().Select(entry => $"{entry.Key} [{string.Join(", ", entry.Value.shape)}]").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void LevelsOfABackboneHaveItsStrides()
    {
        using var scope = NewDisposeScope();
        using var backbone = new BackboneWithFpn(BackboneRegistry.Create("resnet18", new BackboneOptions { NumClasses = 0 }), 32);
        Tensor[] levels = backbone.call(zeros(1, 3, 128, 192));
        Assert.Equal([4, 8, 16, 32, 64], levels.Select(level => 128 / (int)level.shape[2]));
        Assert.All(levels, level => Assert.Equal(32, level.shape[1]));
    }

    [Fact]
    public void NoTensorIsLeftBehind()
    {
        using var backbone = new BackboneWithFpn(BackboneRegistry.Create("resnet18", new BackboneOptions { NumClasses = 0 }), 32);
        LiveTensors.Unchanged(() =>
        {
            using Tensor x = zeros(1, 3, 64, 64);
            foreach (Tensor level in backbone.call(x)) level.Dispose();
        });
    }
}
