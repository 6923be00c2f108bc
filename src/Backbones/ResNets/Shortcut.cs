using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>The shortcuts that convert a block's input to the shape of its output.</summary>
internal static class Shortcut
{
    /// <summary>A strided 1×1 convolution and its normalization: keys 0 and 1.</summary>
    public static Sequential Projection(int inChannels, int outChannels, int stride, NormKind norm) => nn.Sequential(
        nn.Conv2d(inChannels, outChannels, 1, stride, bias: false),
        Normalization.Create(norm, outChannels));

    /// <summary>
    /// ResNet-D's shortcut: 2×2 average pooling instead of the stride, then a 1×1 convolution and its normalization: keys 1 and 2.
    /// </summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="stride">The block's stride, 1 or 2.</param>
    /// <param name="strideGivenUp">Whether dilation replaces a stride of 2; the averages are then taken at every pixel.</param>
    /// <param name="norm">The normalization.</param>
    public static Sequential Averaged(int inChannels, int outChannels, int stride, bool strideGivenUp, NormKind norm) => nn.Sequential(
        stride > 1 ? nn.AvgPool2d(stride, stride, ceil_mode: true, count_include_pad: false)
            : strideGivenUp ? new AverageOfNeighbors()
            : nn.Identity(),
        nn.Conv2d(inChannels, outChannels, 1, bias: false),
        Normalization.Create(norm, outChannels));

    /// <summary>The averages of the strided pooling, at every pixel; edges are replicated, as if only real pixels counted.</summary>
    private sealed class AverageOfNeighbors : nn.Module<Tensor, Tensor>
    {
        public AverageOfNeighbors() : base(nameof(AverageOfNeighbors)) { }

        public override Tensor forward(Tensor x)
        {
            using Tensor padded = nn.functional.pad(x, [0, 1, 0, 1], PaddingModes.Replicate);
            return nn.functional.avg_pool2d(padded, 2, 1);
        }
    }
}
