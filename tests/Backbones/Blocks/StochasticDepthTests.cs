using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Backbones.Tests;

public class StochasticDepthTests
{
    [SkippableFact]
    public void DrawsAreTorchvisions()
    {
        using var folder = new TempFolder();
        Peer.Run("stochastic_depth.py", folder["out.pth"]);
        using var scope = NewDisposeScope();
        var expected = WeightFile.Read(folder["out.pth"]);
        using StochasticDepth layer = new(0.3);
        random.manual_seed(21);
        Close.To(layer.call(expected["input"]), expected["output"], 1e-6);
        layer.eval();
        Close.To(layer.call(expected["input"]), expected["input"], 0, "in evaluation");
    }

    [Fact]
    public void RatesGrowFromNoneToTheLast()
    {
        Assert.Equal([0, 0.1, 0.2], Enumerable.Range(0, 3).Select(i => StochasticDepth.LinearRate(0.2, i, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StochasticDepth(1));
    }

    [Fact]
    public void ANetworkHasItInTrainingAlone()
    {
        using var scope = NewDisposeScope();
        using Backbone model = BackboneRegistry.Create("resnet20_cifar",
            new BackboneOptions { NumClasses = 0, StochasticDepth = 0.9, Norm = NormKind.GroupNorm });
        Tensor x = randn(2, 3, 16, 16);
        random.manual_seed(2);
        Assert.False(model.call(x).allclose(model.call(x)));
        model.eval();
        Close.To(model.call(x), model.call(x), 0);
    }
}
