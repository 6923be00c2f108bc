using static TorchSharp.torch;

namespace Vision.Backbones.Tests;

public class DeformableTests
{
    [Fact]
    public void StagesHaveOffsetsAndEveryParameterGetsAGradient()
    {
        using var scope = NewDisposeScope();
        using Backbone network = BackboneRegistry.Create("resnet50",
            new BackboneOptions { NumClasses = 0, DeformableStages = 1, Norm = NormKind.GroupNorm });
        Assert.Equal(["layer4.0", "layer4.1", "layer4.2"],
            network.state_dict().Keys.Where(key => key.EndsWith("conv2_offset.weight", StringComparison.Ordinal)).Select(key => key[..8]));
        network.forward_features(rand(1, 3, 64, 64), -1)[0].square().sum().backward();
        Assert.All(network.named_parameters(), entry =>
            Assert.True(entry.parameter.grad is not null && entry.parameter.grad.isfinite().all().item<bool>(), entry.name));
    }

    [Theory]
    [InlineData("resnet18"), InlineData("mobilenet_v2"), InlineData("res2net50_26w_4s")]
    public void NetworksWithoutBottlenecksRefuse(string name) =>
        Assert.Contains("eformable", Assert.Throws<ArgumentException>(() =>
            BackboneRegistry.Create(name, new BackboneOptions { DeformableStages = 1 })).Message);
}
