using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Backbones.Tests;

public class DilationTests
{
    [SkippableTheory]
    [InlineData("resnet50", 16), InlineData("resnet50", 8), InlineData("resnext50_32x4d", 8)]
    public void DilatedStagesAreTorchvisions(string name, int outputStride)
    {
        using var folder = new TempFolder();
        Peer.Run("resnet_dilated.py", folder["weights.pth"], folder["out.pth"], name, outputStride.ToString());
        using var scope = NewDisposeScope();
        var expected = WeightFile.Read(folder["out.pth"]);
        using Backbone model = BackboneRegistry.Create(name, new BackboneOptions { NumClasses = 0, OutputStride = outputStride });
        model.LoadWeights(WeightFile.Read(folder["weights.pth"]), "weights.pth", "fc.*");
        model.eval();
        using var noGradient = no_grad();
        Tensor[] stages = model.forward_features(expected["input"], 3, 4);
        Close.To(stages[0], expected["layer3"], 1e-5, "layer3");
        Close.To(stages[1], expected["layer4"], 1e-5, "layer4");
    }

    // Every kind of block and shortcut: where torchvision knows no dilation, this is what dilation means.
    [Theory]
    [InlineData("resnet18"), InlineData("resnet50"), InlineData("resnet18d"), InlineData("preact_resnet18"), InlineData("preact_resnet50")]
    public void TheDilatedNetworkSubsampledIsTheStridedOne(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using Backbone strided = BackboneRegistry.Create(name, new BackboneOptions { NumClasses = 0 });
        using Backbone dilated = BackboneRegistry.Create(name, new BackboneOptions { NumClasses = 0, OutputStride = 16 });
        dilated.LoadWeights(strided.state_dict(), "the strided network");
        strided.eval();
        dilated.eval();
        Tensor x = randn(1, 3, 64, 64);
        Tensor c4 = strided.forward_features(x, 3)[0], alike = dilated.forward_features(x, 3)[0];
        Close.To(alike, c4, 0, "the stages before");
        Tensor coarse = strided.forward_features(x, 4)[0], fine = dilated.forward_features(x, 4)[0];    // [1, C, 2, 2], [1, C, 4, 4]
        Assert.Equal([1, coarse.shape[1], 4, 4], fine.shape);
        // What lies beyond the border is zero in both, so they agree everywhere.
        Close.To(fine.slice(2, 0, 4, 2).slice(3, 0, 4, 2), coarse, 1e-5, "layer4");
    }

    [Fact]
    public void MultiGridMultipliesTheLastStagesDilations()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        BackboneOptions options = new() { NumClasses = 0, OutputStride = 16 };
        using Backbone plain = BackboneRegistry.Create("resnet50", options);
        using Backbone ones = BackboneRegistry.Create("resnet50", options with { MultiGrid = [1, 1, 1] });
        using Backbone grid = BackboneRegistry.Create("resnet50", options with { MultiGrid = [1, 2, 4] });
        foreach (Backbone model in (Backbone[])[ones, grid]) model.LoadWeights(plain.state_dict(), "the plain network");
        foreach (Backbone model in (Backbone[])[plain, ones, grid]) model.eval();
        Tensor x = randn(1, 3, 64, 64);
        Tensor expected = plain.forward_features(x, -1)[0];
        Close.To(ones.forward_features(x, -1)[0], expected, 0);
        Assert.False(grid.forward_features(x, -1)[0].allclose(expected));
        Assert.Equal(expected.shape, grid.forward_features(x, -1)[0].shape);
    }

    [Fact]
    public void AMultiGridOfAnotherLengthIsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => BackboneRegistry.Create("resnet50", new BackboneOptions { MultiGrid = [1, 2] }));
        Assert.StartsWith("The multi-grid is (1, 2); expected 3 factors of at least 1, one for each block of the last stage.",
            error.Message);
    }
}
