using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Backbones.Tests;

public class LegacyKeysTests
{
    [Fact]
    public void APublishedDenseNetIsLoadedUnderItsOldNames()
    {
        using var scope = NewDisposeScope();
        using Backbone source = BackboneRegistry.Create("densenet121", new BackboneOptions { NumClasses = 3 });
        using Backbone target = BackboneRegistry.Create("densenet121", new BackboneOptions { NumClasses = 3 });
        // As in densenet121-a639ec97.pth: features.denseblock1.denselayer1.norm.1.weight, and plain names elsewhere.
        Dictionary<string, Tensor> published = [];
        foreach (var (key, value) in source.state_dict())
        {
            string[] parts = key.Split('.');
            if (parts is [_, _, var layer, var part, ..] && layer.StartsWith("denselayer", StringComparison.Ordinal))
                parts[3] = $"{part[..^1]}.{part[^1]}";
            published[string.Join('.', parts)] = value;
        }
        Assert.Contains("features.denseblock1.denselayer1.norm.1.weight", published.Keys);

        target.LoadWeights(published, "densenet121-a639ec97.pth");

        foreach (var (key, value) in source.state_dict()) Close.To(target.state_dict()[key], value, 0, key);
    }
}
