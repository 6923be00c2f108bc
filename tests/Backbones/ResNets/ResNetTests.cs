using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Backbones.Tests;

public class ResNetTests
{
    [Fact]
    public void ChosenStagesAreThoseOfAllStages()
    {
        using var scope = NewDisposeScope();
        using Backbone model = Small();
        model.eval();
        Tensor x = randn(1, 3, 64, 64);
        Tensor[] all = model.forward_features(x, 0, 1, 2, 3, 4);
        Tensor[] some = model.forward_features(x, 1, -2);
        Assert.Equal(2, some.Length);
        Close.To(some[0], all[1], 0);
        Close.To(some[1], all[3], 0);
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 5 })]
    [InlineData(new[] { -6 })]
    [InlineData(new[] { 2, 1 })]
    [InlineData(new[] { 1, -4 })]
    public void StagesThatCannotBeGivenAreRefused(int[] indices)
    {
        using Backbone model = Small();
        using Tensor x = zeros(1, 3, 64, 64);
        Assert.Throws<ArgumentException>(() => model.forward_features(x, indices));
    }

    [Theory]
    [InlineData(NormKind.BatchNorm), InlineData(NormKind.FrozenBatchNorm), InlineData(NormKind.GroupNorm)]
    public void EveryParameterGetsAGradient(NormKind norm)
    {
        using var scope = NewDisposeScope();
        using Backbone model = BackboneRegistry.Create("resnet50", new BackboneOptions { NumClasses = 3, Norm = norm });
        model.train();
        model.call(randn(2, 3, 64, 64)).square().sum().backward();
        foreach (var (name, parameter) in model.named_parameters())
            Assert.True(parameter.grad is { } gradient && gradient.abs().sum().item<float>() > 0, $"{name} has no gradient.");
    }

    [Fact]
    public void FrozenStagesHaveNoGradientAndKeepTheirStatistics()
    {
        using var scope = NewDisposeScope();
        using Backbone model = Small();
        model.FreezeStages(2);
        model.eval();
        model.train();
        Dictionary<string, Tensor> before = model.named_buffers().ToDictionary(buffer => buffer.name, buffer => buffer.buffer.clone());
        model.call(randn(2, 3, 64, 64)).sum().backward();

        foreach (var (name, parameter) in model.named_parameters())
            Assert.Equal(IsFrozen(name), parameter.grad is null);
        foreach (var (name, buffer) in model.named_buffers())
            if (name.EndsWith("running_mean", StringComparison.Ordinal))
                Assert.Equal(IsFrozen(name), buffer.eq(before[name]).all().item<bool>());

        static bool IsFrozen(string name) => name.Split('.')[0] is "conv1" or "bn1" or "layer1";
    }

    [Fact]
    public void NoTensorIsLeftBehind()
    {
        using Backbone model = Small();
        LiveTensors.Unchanged(() =>
        {
            using Tensor x = randn(1, 3, 64, 64);
            using Tensor logits = model.call(x);
            Tensor[] stages = model.forward_features(x, 1, 2, 3, 4);
            foreach (Tensor stage in stages) stage.Dispose();
        });
    }

    private static Backbone Small() => BackboneRegistry.Create("resnet18", new BackboneOptions { NumClasses = 3 });
}
