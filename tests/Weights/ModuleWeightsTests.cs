using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Weights.Tests;

public sealed class ModuleWeightsTests
{
    [Fact]
    public void WeightsAreCopiedAndConverted()
    {
        using var scope = NewDisposeScope();
        nn.Module network = Network();
        Dictionary<string, Tensor> weights = Weights();
        weights["conv.weight"] = full([4, 3, 1, 1], 0.5, ScalarType.Float16);

        network.LoadWeights(weights, "a.pth");

        Dictionary<string, Tensor> state = network.state_dict();
        Assert.Equal(ScalarType.Float32, state["conv.weight"].dtype);
        Assert.Equal(6f, state["conv.weight"].sum().item<float>());
        Assert.Equal(8f, state["bn.running_mean"].sum().item<float>());
        Assert.Equal(5L, state["bn.num_batches_tracked"].item<long>());
        Assert.True(network.parameters().All(parameter => parameter.requires_grad));
    }

    [Fact]
    public void EveryKeyThatDoesNotFitIsNamedAndNothingIsLoaded()
    {
        using var scope = NewDisposeScope();
        nn.Module network = Network();
        Tensor before = network.state_dict()["conv.weight"].clone();
        Dictionary<string, Tensor> weights = Weights();
        weights.Remove("bn.weight");
        weights.Remove("conv.bias");
        weights["head.weight"] = ones(2);
        weights["fc.weight"] = ones(7, 4);

        WeightsMismatchException error = Assert.Throws<WeightsMismatchException>(() => network.LoadWeights(weights, "a.pth"));

        Assert.Equal(["conv.bias", "bn.weight"], error.Missing);
        Assert.Equal(["head.weight"], error.Unexpected);
        Assert.Equal(["fc.weight [7, 4] for [2, 4]"], error.Misshapen);
        Assert.Equal(
            "a.pth does not fit this Sequential: of its keys, 2 missing (conv.bias, bn.weight); 1 unexpected (head.weight); 1 of another " +
            "shape (fc.weight [7, 4] for [2, 4]); "
            + "load a file of this network, or build the network of the file", error.Message);
        Close.To(network.state_dict()["conv.weight"], before, 0);
    }

    [Fact]
    public void ExceptedKeysStayAsTheyAreOnBothSides()
    {
        using var scope = NewDisposeScope();
        nn.Module network = Network();
        Tensor head = network.state_dict()["fc.weight"].clone();
        Dictionary<string, Tensor> weights = Weights();
        weights["fc.weight"] = ones(1000, 4);
        weights["fc.extra"] = ones(1);
        weights.Remove("fc.bias");

        network.LoadWeights(weights, "a.pth", "fc.*");

        Close.To(network.state_dict()["fc.weight"], head, 0);
        Assert.Equal(12f, network.state_dict()["conv.weight"].sum().item<float>());
    }

    [Fact]
    public void ACountOfBatchesMayBeMissing()
    {
        using var scope = NewDisposeScope();
        nn.Module network = Network();
        Dictionary<string, Tensor> weights = Weights();
        weights.Remove("bn.num_batches_tracked");
        network.LoadWeights(weights, "a.pth");
        Assert.Equal(0L, network.state_dict()["bn.num_batches_tracked"].item<long>());
    }

    [Theory]
    [InlineData("", "resnet18")]
    [InlineData("backbone.body.", "a network on resnet18")]
    public void TheNetworkThatAFileIsOfIsGuessed(string prefix, string guess)
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> weights = [];
        for (int layer = 1; layer <= 4; layer++)
            for (int block = 0; block < 2; block++)
                for (int conv = 1; conv <= 2; conv++)
                    weights[$"{prefix}layer{layer}.{block}.conv{conv}.weight"] = empty([64, 64, 3, 3]);

        WeightsMismatchException error = Assert.Throws<WeightsMismatchException>(() => Network().LoadWeights(weights, "a.pth"));
        Assert.EndsWith($"the file looks like weights of {guess}: build that network, or load a file of this one", error.Message);
    }

    [Fact]
    public void LoadingLeavesNoTensorsBehind()
    {
        using var scope = NewDisposeScope();
        nn.Module network = Network();
        Dictionary<string, Tensor> weights = Weights();
        LiveTensors.Unchanged(() => network.LoadWeights(weights, "a.pth"));
    }

    private static nn.Module Network() => nn.Sequential(
        ("conv", nn.Conv2d(3, 4, 1)), ("bn", nn.BatchNorm2d(4)), ("pool", nn.AdaptiveAvgPool2d(1)),
        ("flat", nn.Flatten()), ("fc", nn.Linear(4, 2)));

    private static Dictionary<string, Tensor> Weights() => new()
    {
        ["conv.weight"] = ones(4, 3, 1, 1), ["conv.bias"] = ones(4),
        ["bn.weight"] = ones(4), ["bn.bias"] = ones(4), ["bn.running_mean"] = full([4], 2), ["bn.running_var"] = ones(4),
        ["bn.num_batches_tracked"] = tensor(5L),
        ["fc.weight"] = ones(2, 4), ["fc.bias"] = ones(2),
    };
}
