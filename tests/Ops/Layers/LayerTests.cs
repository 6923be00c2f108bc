using Vision.Ops.Layers;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Ops.Tests.Layers;

/// <summary>Layers that are computed by kernels of our own, against libtorch's in double precision.</summary>
public class LayerTests
{
    [Theory]
    [InlineData(1, 960, 1280), InlineData(2, 33, 7), InlineData(1, 1, 1), InlineData(2, 100, 1000), InlineData(1, 31, 50)]
    public void SmallLinearLayersAreTheDefinition(int rows, int channels, int filters)
    {
        using var scope = NewDisposeScope();
        Tensor x = randn(rows, channels), weight = randn(filters, channels).t(), bias = randn(filters);
        Assert.True(SmallLinear.Pays(x, weight));
        Tensor expected = bias.to(float64).addmm(x.to(float64), weight.to(float64), 1, 1);
        Close.To(SmallLinear.Call(x, weight, bias).to(float64), expected, 1e-5);
    }

    [Fact]
    public void SmallLinearLayersAreOfFewContiguousRows()
    {
        using var scope = NewDisposeScope();
        Tensor weight = randn(8, 16).t();
        Assert.False(SmallLinear.Pays(randn(3, 16), weight));
        Assert.False(SmallLinear.Pays(randn(16, 2).t(), weight));
        Assert.False(SmallLinear.Pays(randn(1, 16), weight.contiguous()));
        Assert.False(SmallLinear.Pays(randn([1, 16], float64), weight.to(float64)));
    }

    [Theory]
    [InlineData(1, 8, 1, 1), InlineData(2, 64, 7, 7), InlineData(1, 72, 45, 60), InlineData(3, 120, 5, 9), InlineData(1, 1000, 3, 2)]
    public void GlobalAveragesAreTheDefinition(int images, int channels, int height, int width)
    {
        using var scope = NewDisposeScope();
        Tensor x = MemoryFormat.ChannelsLast(randn(images, channels, height, width));
        Assert.True(GlobalAverage.Pays(x, [1, 1]));
        Close.To(GlobalAverage.Call(x).to(float64), x.to(float64).mean([2, 3], keepdim: true), 1e-5);
    }

    [Fact]
    public void OtherPoolingIsLeftToLibtorch()
    {
        using var scope = NewDisposeScope();
        Tensor x = randn(1, 16, 4, 4), narrow = MemoryFormat.ChannelsLast(randn(1, 12, 4, 4));
        Assert.False(GlobalAverage.Pays(x, [1, 1]));
        Assert.False(GlobalAverage.Pays(MemoryFormat.ChannelsLast(x), [2, 1]));
        Assert.False(GlobalAverage.Pays(narrow, [1, 1]));
    }
}
