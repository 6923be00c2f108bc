using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Backbones.Tests;

public class InputChannelWeightsTests
{
    [Theory]
    [InlineData(1), InlineData(3), InlineData(5), InlineData(6)]
    public void WeightsForRgbServeOtherImages(int channels)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using Backbone rgb = BackboneRegistry.Create("resnet18", new BackboneOptions { NumClasses = 4 });
        using Backbone other = BackboneRegistry.Create("resnet18", new BackboneOptions { NumClasses = 4, InputChannels = channels });
        var weights = rgb.state_dict();
        if (channels != 3) Assert.Throws<WeightsMismatchException>(() => other.LoadWeights(weights, "weights.pth"));
        other.LoadWeights(InputChannelWeights.AdaptTo(weights, other, "weights.pth"), "weights.pth");
        rgb.eval();
        other.eval();
        Tensor conv = other.get_parameter("conv1.weight")!, published = rgb.get_parameter("conv1.weight")!;
        Assert.Equal([64, channels, 7, 7], conv.shape);
        if (channels == 1)
        {
            Tensor gray = randn(1, 1, 64, 64);
            Close.To(other.call(gray), rgb.call(gray.expand(1, 3, 64, 64)), 1e-5, "logits of a gray image");
        }
        for (int i = 0; channels > 1 && i < channels; i++)
            Close.To(conv.select(1, i), published.select(1, i % 3) * (3.0 / channels), 1e-6, $"channel {i}");
    }

    [Fact]
    public void WeightsOfAnotherNetworkAreNamed()
    {
        using Backbone model = BackboneRegistry.Create("resnet18", new BackboneOptions { NumClasses = 0, InputChannels = 1 });
        var error = Assert.Throws<WeightsException>(() =>
            InputChannelWeights.AdaptTo(new Dictionary<string, Tensor>(), model, "other.pth"));
        Assert.Equal("other.pth has no convolution 'conv1.weight', so it does not fit this ResNet; load a file of this network",
            error.Message);
    }
}
