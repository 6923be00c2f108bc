using Vision.Ops.Resampling;
using Vision.Testing;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Ops.Tests.Resampling;

public class ResizedMapsTests
{
    [Theory]
    [InlineData(1, 21, 45, 60, 360, 480), InlineData(2, 3, 5, 7, 11, 6), InlineData(1, 2, 9, 9, 4, 30), InlineData(3, 1, 1, 1, 8, 9)]
    [InlineData(2, 5, 4, 3, 4, 3)]
    public void MapsAreResizedAsByLibtorch(int images, int channels, int height, int width, int toHeight, int toWidth)
    {
        using var scope = NewDisposeScope();
        Tensor planes = randn(images, channels, height, width);
        Tensor expected = interpolate(planes, [toHeight, toWidth], mode: InterpolationMode.Bilinear, align_corners: false);
        foreach (Tensor x in new[] { planes, MemoryFormat.ChannelsLast(planes) })
            Close.To(ResizedMaps.Of(x, toHeight, toWidth), expected, 1e-5);
    }
}
