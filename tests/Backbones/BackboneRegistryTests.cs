using static TorchSharp.torch;

namespace Vision.Backbones.Tests;

public class BackboneRegistryTests
{
    public static TheoryData<string> Names => [.. BackboneRegistry.Names];

    [Theory, MemberData(nameof(Names))]
    public void StagesAreWhatTheyDescribe(string name)
    {
        using var scope = NewDisposeScope();
        using Backbone backbone = BackboneRegistry.Create(name, new BackboneOptions { NumClasses = 0 });
        backbone.eval();
        using var noGradient = no_grad();
        Tensor[] stages = backbone.forward_features(randn(1, 3, 64, 96), 0, 1, 2, 3, 4);
        Assert.Equal(backbone.Stages.Count, stages.Length);
        foreach (var (stage, output) in backbone.Stages.Zip(stages))
        {
            Assert.Equal([1, stage.Channels, 64 / stage.Reduction, 96 / stage.Reduction], output.shape);
            Assert.True(output.isfinite().all().item<bool>(), $"{stage.Name} is not finite.");
            Assert.Contains(backbone.named_parameters(), parameter => parameter.name.StartsWith(stage.Name + ".", StringComparison.Ordinal));
        }
        Assert.Equal([1, backbone.Stages[^1].Channels], backbone.call(zeros(1, 3, 64, 64)).shape);
    }

    [Fact]
    public void AnUnknownNameIsAnsweredWithTheKnownOnes()
    {
        var error = Assert.Throws<ArgumentException>(() => BackboneRegistry.Create("resnet51", new BackboneOptions()));
        Assert.StartsWith("No backbone is called 'resnet51'; there are resnet101, resnet152, resnet18, resnet34, resnet50.", error.Message);
    }
}
