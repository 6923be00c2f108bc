using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>1×1, grouped 3×3 and 1×1 convolutions of the same width with a shortcut, and squeeze-and-excitation in
/// RegNetY (Radosavovic et al. 2020, arXiv:2003.13678).</summary>
internal sealed class RegNetBlock : nn.Module<Tensor, Tensor>
{
    // The width of the excitation is relative to the block's input.
    private const double SqueezeRatio = 0.25;

    private readonly ConvNormActivation? proj;
    private readonly Sequential f;
    private readonly StochasticDepth? stochastic_depth;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="width">Channels of the convolutions.</param>
    /// <param name="groupWidth">Channels of a group of the 3×3 convolution.</param>
    /// <param name="squeezes">Whether it has squeeze-and-excitation.</param>
    /// <param name="downsamples">Whether it is the first of a stage, whose shortcut is a projection.</param>
    /// <param name="stride">Stride of the 3×3 convolution.</param>
    /// <param name="dilation">Its dilation.</param>
    /// <param name="dropRate">Rate of stochastic depth.</param>
    /// <param name="norm">Creates the normalization layers.</param>
    public RegNetBlock(int inChannels, int width, int groupWidth, bool squeezes, bool downsamples, int stride, int dilation,
        double dropRate, Func<int, nn.Module<Tensor, Tensor>> norm) : base(nameof(RegNetBlock))
    {
        if (downsamples) proj = new ConvNormActivation(inChannels, width, 1, norm, Activation.None, stride);
        f = nn.Sequential();
        f.append("a", new ConvNormActivation(inChannels, width, 1, norm, Activation.Relu));
        f.append("b", new ConvNormActivation(width, width, 3, norm, Activation.Relu, stride, dilation, groups: width / groupWidth));
        if (squeezes) f.append("se", new SqueezeExcitation(width, (int)Math.Round(SqueezeRatio * inChannels)));
        f.append("c", new ConvNormActivation(width, width, 1, norm, Activation.None));
        if (dropRate > 0) stochastic_depth = new StochasticDepth(dropRate);
        RegisterComponents();
    }

    /// <summary>[N, inChannels, H, W] to [N, width, ⌈H/stride⌉, ⌈W/stride⌉].</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor shortcut = proj?.call(x) ?? x;
        Tensor y = f.call(x);
        y = stochastic_depth?.call(y) ?? y;
        return y.add_(shortcut).relu_().MoveToOuterDisposeScope();
    }
}
