using TorchSharp.Modules;
using Vision.Backbones;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>The building blocks of heads.</summary>
internal static class HeadLayers
{
    /// <summary>A convolution without bias, its normalization and ReLU, under the keys <c>0</c> and <c>1</c>; the size is kept.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="kernel">Side of the kernel, odd.</param>
    /// <param name="norm">The normalization.</param>
    /// <param name="dilation">The dilation.</param>
    public static Sequential Convolution(int inChannels, int outChannels, int kernel, NormKind norm, int dilation = 1) => nn.Sequential(
        dilation > 1 ? new AtrousConvolution(inChannels, outChannels, dilation)
            : Conv3x3.Or(inChannels, outChannels, kernel, bias: false),
        Normalization.Create(norm, outChannels), nn.ReLU(true));

    /// <summary>The same as a depthwise 3×3 convolution and a pointwise 1×1 convolution, under the
    /// keys <c>0.0</c>, <c>0.1</c> and <c>1</c>.</summary>
    public static Sequential Separable(int inChannels, int outChannels, NormKind norm, int dilation = 1) => nn.Sequential(
        nn.Sequential(
            nn.Conv2d(inChannels, inChannels, 3, 1, dilation, dilation, groups: inChannels, bias: false),
            nn.Conv2d(inChannels, outChannels, 1, bias: false)),
        Normalization.Create(norm, outChannels), nn.ReLU(true));

    /// <summary>A 3×3 convolution of either kind.</summary>
    public static Sequential Convolution3x3(int inChannels, int outChannels, SegmenterOptions options, int dilation = 1) =>
        options.Separable
            ? Separable(inChannels, outChannels, options.HeadNorm, dilation)
            : Convolution(inChannels, outChannels, 3, options.HeadNorm, dilation);
}
