using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Ops.Tests;

public class MemoryFormatTests
{
    [Fact]
    public void ChannelsLastChangesStridesAndNothingElse()
    {
        using var scope = NewDisposeScope();
        Tensor images = randn(2, 3, 5, 7);
        Tensor last = MemoryFormat.ChannelsLast(images);
        Assert.Equal([2, 3, 5, 7], last.shape);
        Assert.Equal([3 * 5 * 7, 1, 3 * 7, 3], last.stride());
        Close.To(last, images, 0);
    }

    [Fact]
    public void AConvolutionHandsTheLayoutOn()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var convolution = nn.Conv2d(3, 16, 3, padding: 1);
        Tensor images = randn(2, 3, 9, 11);
        Tensor output = convolution.call(MemoryFormat.ChannelsLast(images));
        Assert.Equal(1, output.stride(1));
        Close.To(output, convolution.call(images), 1e-6);
    }

    [Fact]
    public void ANetworksWeightsAreArrangedInPlace()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Sequential(nn.Conv2d(3, 16, 3), nn.BatchNorm2d(16), nn.Conv2d(16, 16, 3, groups: 16));
        Dictionary<string, Tensor> before = network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        Tensor images = randn(1, 3, 9, 9);
        Tensor plain = network.call(images);
        MemoryFormat.ChannelsLast(network);
        Assert.Equal(1, network.get_parameter("0.weight")!.stride(1));
        foreach (var (key, value) in network.state_dict().Where(entry => !entry.Key.Contains("running") && !entry.Key.Contains("num")))
            Close.To(value, before[key], 0, key);

        Tensor output = network.call(MemoryFormat.ChannelsLast(images));
        Close.To(output, plain, 1e-5);
        output.sum().backward();
        Assert.Equal([16, 3, 3, 3], network.get_parameter("0.weight")!.grad!.shape);
    }

    [Fact]
    public void NoTensorStaysBehind()
    {
        using Tensor images = randn(1, 3, 4, 4);
        using var convolution = nn.Conv2d(3, 4, 3);
        LiveTensors.Unchanged(() =>
        {
            using Tensor last = MemoryFormat.ChannelsLast(images);
            MemoryFormat.ChannelsLast(convolution);
        });
    }
}
