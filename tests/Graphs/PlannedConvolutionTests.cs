using TorchSharp;
using Vision.Ops;
using Vision.Ops.Convolution;
using static TorchSharp.torch;

namespace Vision.Graphs.Tests;

public class PlannedConvolutionTests
{
    /// <summary>Another handle of the input would keep its memory until the whole network is done.</summary>
    [Theory]
    [InlineData(3)]                 // Winograd's algorithm
    [InlineData(1)]                 // oneDNN
    public void NothingButTheResultIsLeftInTheScope(int kernel)
    {
        const int channels = 64;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        ConvolutionGeometry geometry = new([1, 1], [kernel / 2, kernel / 2], [1, 1], 1);
        Tensor x = MemoryFormat.ChannelsLast(rand(1, channels, 64, 64)), weight = rand(channels, channels, kernel, kernel);
        Assert.Equal(kernel == 3, WinogradConvolution.Pays(weight.shape, geometry, ConvolutionActivation.Relu, x.shape));
        GraphNode node = new(ConvolutionPasses.Operator,
            [GraphValue.Of(x), GraphValue.Of(weight), GraphValue.Of(null), GraphValue.Of(null), GraphValue.Of(geometry),
                GraphValue.Of(ConvolutionActivation.Relu), GraphValue.Of(null)], []);
        using WinogradMemory memory = new();
        using PlannedConvolution convolution = new(node, memory);
        convolution.Call(x, x).Dispose();                           // packs the weights

        long before = Tensor.TotalCount;
        using Tensor y = convolution.Call(x, x);
        Assert.Equal(before + 1, Tensor.TotalCount);
    }
}
