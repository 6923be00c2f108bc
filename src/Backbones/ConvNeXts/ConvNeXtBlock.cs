using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>Depthwise 7×7, layer normalization and two linear layers on each pixel, scaled per channel,
/// around a shortcut (Liu et al. 2022, arXiv:2201.03545).</summary>
internal sealed class ConvNeXtBlock : nn.Module<Tensor, Tensor>
{
    private const double InitialScale = 1e-6;
    private const int Expansion = 4;

    private readonly Parameter layer_scale;
    private readonly Sequential block;
    private readonly StochasticDepth? stochastic_depth;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="channels">Channels of input and output.</param>
    /// <param name="dilation">Dilation of the convolution.</param>
    /// <param name="dropRate">Rate of stochastic depth.</param>
    public ConvNeXtBlock(int channels, int dilation, double dropRate) : base(nameof(ConvNeXtBlock))
    {
        block = nn.Sequential(
            nn.Conv2d(channels, channels, 7, 1, 3 * dilation, dilation, groups: channels),
            Permute.ToChannelsLast(),
            nn.LayerNorm(channels, 1e-6),
            nn.Linear(channels, Expansion * channels),
            nn.GELU(),
            nn.Linear(Expansion * channels, channels),
            Permute.ToChannelsFirst());
        layer_scale = nn.Parameter(ones(channels, 1, 1) * InitialScale);
        if (dropRate > 0) stochastic_depth = new StochasticDepth(dropRate);
        RegisterComponents();
        this.DetachOwnTensors();
    }

    /// <summary>[N, channels, H, W] to the same shape.</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor y = block.call(x) * layer_scale;
        y = stochastic_depth?.call(y) ?? y;
        return y.add_(x).MoveToOuterDisposeScope();
    }
}
