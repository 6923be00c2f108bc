using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Backbones.Tests;

public class GradCamTests
{
    [Fact]
    public void TheMapIsThatOfThePapersEquation()
    {
        using var scope = NewDisposeScope();
        using Backbone network = Create("resnet18");
        Tensor image = randn(1, 3, 64, 96);
        Tensor map = GradCam.Of(network, image, label: 3);
        Assert.Equal([2, 3], map.shape);

        // After global average pooling the score is linear: its gradient is the classifier's row over the number of cells.
        Tensor c5 = network.forward_features(image, -1)[0].detach(), row = network.state_dict()["fc.weight"][3];
        Tensor expected = (c5 * row.reshape(1, -1, 1, 1)).sum(1).squeeze(0).relu();
        Close.To(map, (expected / expected.max()).detach(), 1e-4);
    }

    [Trait("Category", "Slow")]
    [Theory]
    [InlineData("resnet18"), InlineData("mobilenet_v3_small"), InlineData("densenet121"), InlineData("vgg11"), InlineData("convnext_tiny"),
        InlineData("swin_t"), InlineData("preact_resnet18")]
    public void EveryStageOfAnyNetworkGivesAMap(string name)
    {
        using var scope = NewDisposeScope();
        using Backbone network = Create(name);
        foreach (var parameter in network.parameters()) parameter.requires_grad = false;
        Tensor image = rand(1, 3, 64, 64);
        for (int stage = 0; stage < network.Stages.Count; stage++)
        {
            Tensor map = GradCam.Of(network, image, stage: stage);
            Assert.Equal([64 / network.Stages[stage].Reduction, 64 / network.Stages[stage].Reduction], map.shape);
            Assert.True(map.isfinite().all().item<bool>());
            Assert.InRange(map.min().item<float>(), 0, 1);
            Assert.InRange(map.max().item<float>(), 0, 1.0001f);
        }
    }

    [Fact]
    public void ParametersKeepTheirGradientsAndNothingIsLeftBehind()
    {
        using Backbone network = Create("resnet18");
        LiveTensors.Unchanged(() =>
        {
            using Tensor image = rand(1, 3, 32, 32);
            using var none = no_grad();
            GradCam.Of(network, image).Dispose();
        });
        Assert.All(network.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void WhatIsNotThereIsNamed()
    {
        using var scope = NewDisposeScope();
        using Backbone network = Create("resnet18");
        Assert.Contains("expected [1, 3, H, W]", Assert.Throws<ArgumentException>(() => GradCam.Of(network, rand(2, 3, 32, 32))).Message);
        Assert.Contains("The class is 7",
            Assert.Throws<ArgumentException>(() => GradCam.Of(network, rand(1, 3, 32, 32), label: 7)).Message);
        Assert.Contains("The stage is 9",
            Assert.Throws<ArgumentException>(() => GradCam.Of(network, rand(1, 3, 32, 32), stage: 9)).Message);
    }

    private static Backbone Create(string name)
    {
        random.manual_seed(2);
        Backbone network = BackboneRegistry.Create(name, new BackboneOptions { NumClasses = 5 });
        network.eval();
        return network;
    }
}
