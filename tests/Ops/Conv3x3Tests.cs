using TorchSharp;
using TorchSharp.Modules;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Ops.Tests;

public class Conv3x3Tests
{
    [Theory, InlineData(true, 1), InlineData(false, 2)]
    public void ItIsConv2dWithOtherRounding(bool bias, int dilation)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        Conv3x3 own = new(64, 48, dilation, bias);
        random.manual_seed(1);
        Conv2d plain = nn.Conv2d(64, 48, 3, 1, dilation, dilation, bias: bias);
        Assert.Equal(plain.state_dict().Keys, own.state_dict().Keys);
        foreach (var (name, values) in plain.state_dict()) Assert.True(values.equal(own.state_dict()[name]).all().item<bool>(), name);

        // In planes nothing changes; channels-last, the layer after it may work in place.
        Tensor x = randn(2, 64, 30, 41);
        Assert.True(plain.call(x).equal(own.call(x)).all().item<bool>());
        Tensor last = MemoryFormat.ChannelsLast(x);
        foreach (nn.Module<Tensor, Tensor> layer in (nn.Module<Tensor, Tensor>[])[own, plain]) layer.call(last).relu_().square().sum().backward();
        Close.To(own.call(last), plain.call(last), 1e-5);
        Close.To(own.Weight.grad! / plain.weight!.grad!.abs().max(), plain.weight.grad / plain.weight.grad.abs().max(), 2e-5);
        if (bias) Close.To(own.Bias!.grad! / plain.bias!.grad!.abs().max(), plain.bias.grad / plain.bias.grad.abs().max(), 2e-5);
    }

    [Fact]
    public void OtherKernelsStridesAndGroupsAreConv2ds()
    {
        using var scope = NewDisposeScope();
        Assert.IsType<Conv3x3>(Conv3x3.Or(8, 8, 3, dilation: 2));
        foreach (var (layer, shape) in new[]
        {
            (Conv3x3.Or(8, 16, 5, stride: 2, bias: false), new long[] { 1, 16, 5, 6 }), (Conv3x3.Or(8, 16, 3, groups: 4), [1, 16, 9, 11]),
            (Conv3x3.Or(8, 16, 3, stride: 2, dilation: 3), [1, 16, 5, 6]), (Conv3x3.Or(8, 16, 1), [1, 16, 9, 11]),
        })
        {
            Assert.IsType<Conv2d>(layer);
            Assert.Equal(shape, layer.call(randn(1, 8, 9, 11)).shape);
            Assert.Same(((Conv2d)layer).weight, Conv3x3.ParametersOf(layer)!.Value.Weight);
        }
        Assert.Null(Conv3x3.ParametersOf(nn.ReLU()));
    }
}
