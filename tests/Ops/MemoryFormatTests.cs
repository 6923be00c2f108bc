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
    public void NoTensorStaysBehind()
    {
        using Tensor images = randn(1, 3, 4, 4);
        LiveTensors.Unchanged(() =>
        {
            using Tensor last = MemoryFormat.ChannelsLast(images);
        });
    }
}
