using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>
/// 1×1 expansion, depthwise convolution, squeeze-and-excitation, 1×1 projection; the shortcut connects the narrow ends
/// (Sandler et al. 2018, arXiv:1801.04381; Howard et al. 2019, arXiv:1905.02244; Tan &amp;
/// Le 2019, arXiv:1905.11946, where it is called MBConv).
/// </summary>
internal sealed class InvertedResidual : nn.Module<Tensor, Tensor>
{
    private readonly Sequential block;
    private readonly StochasticDepth? stochastic_depth;
    private readonly bool hasShortcut;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="layout">The shape of the block.</param>
    /// <param name="stride">Stride of the middle convolution, after the output stride is taken into account.</param>
    /// <param name="dilation">Its dilation.</param>
    /// <param name="dropRate">Rate of stochastic depth.</param>
    /// <param name="norm">Creates the normalization layers.</param>
    public InvertedResidual(InvertedResidualLayout layout, int stride, int dilation, double dropRate,
        Func<int, nn.Module<Tensor, Tensor>> norm) : base(nameof(InvertedResidual))
    {
        var (inside, expanded, activation) = (layout.InChannels, layout.Expanded, layout.Activation);
        List<nn.Module<Tensor, Tensor>> layers = [];
        if (layout.Fused)
        {
            layers.Add(new ConvNormActivation(inside, expanded, layout.Kernel, norm, activation, stride, dilation));
        }
        else
        {
            if (expanded != inside) layers.Add(new ConvNormActivation(inside, expanded, 1, norm, activation));
            layers.Add(new ConvNormActivation(expanded, expanded, layout.Kernel, norm, activation, stride, dilation, groups: expanded));
        }
        if (layout.Squeeze is { } squeeze) layers.Add(squeeze());
        // A fused block without expansion is a single convolution.
        if (!layout.Fused || expanded != inside) layers.Add(new ConvNormActivation(expanded, layout.OutChannels, 1, norm, Activation.None));
        block = nn.Sequential(layers);
        if (dropRate > 0) stochastic_depth = new StochasticDepth(dropRate);
        hasShortcut = layout.Stride == 1 && inside == layout.OutChannels;
        RegisterComponents();
    }

    /// <summary>[N, InChannels, H, W] to [N, OutChannels, ⌈H/stride⌉, ⌈W/stride⌉].</summary>
    public override Tensor forward(Tensor x)
    {
        if (!hasShortcut) return block.call(x);
        using var scope = NewDisposeScope();
        Tensor y = block.call(x);
        y = stochastic_depth?.call(y) ?? y;
        return y.add_(x).MoveToOuterDisposeScope();
    }
}
