using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>MobileNetV2's block: an inverted residual with a linear output (Sandler et al. 2018,
/// arXiv:1801.04381), under torchvision's older keys.</summary>
internal sealed class LinearBottleneck : nn.Module<Tensor, Tensor>
{
    private readonly Sequential conv;
    private readonly StochasticDepth? stochastic_depth;
    private readonly bool hasShortcut;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="expansion">Ratio of the inner channels to <paramref name="inChannels"/>.</param>
    /// <param name="hasShortcut">Whether the input is added.</param>
    /// <param name="stride">Stride of the depthwise convolution.</param>
    /// <param name="dilation">Its dilation.</param>
    /// <param name="dropRate">Rate of stochastic depth.</param>
    /// <param name="norm">Creates the normalization layers.</param>
    public LinearBottleneck(int inChannels, int outChannels, int expansion, bool hasShortcut, int stride, int dilation, double dropRate,
        Func<int, nn.Module<Tensor, Tensor>> norm) : base(nameof(LinearBottleneck))
    {
        int inside = inChannels * expansion;
        conv = nn.Sequential();
        if (expansion > 1) conv.append(new ConvNormActivation(inChannels, inside, 1, norm, Activation.Relu6));
        conv.append(new ConvNormActivation(inside, inside, 3, norm, Activation.Relu6, stride, dilation, groups: inside));
        conv.append(nn.Conv2d(inside, outChannels, 1, bias: false));
        conv.append(norm(outChannels));
        if (dropRate > 0) stochastic_depth = new StochasticDepth(dropRate);
        this.hasShortcut = hasShortcut;
        RegisterComponents();
    }

    /// <summary>[N, inChannels, H, W] to [N, outChannels, ⌈H/stride⌉, ⌈W/stride⌉].</summary>
    public override Tensor forward(Tensor x)
    {
        if (!hasShortcut) return conv.call(x);
        using var scope = NewDisposeScope();
        Tensor y = conv.call(x);
        y = stochastic_depth?.call(y) ?? y;
        return y.add_(x).MoveToOuterDisposeScope();
    }
}
