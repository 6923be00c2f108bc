using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>The end of a residual block, after its last normalization; shared by all kinds of blocks.</summary>
internal static class ResidualSum
{
    /// <summary>Squeeze-and-excitation for a block's output, or null; its width is timm's, a sixteenth in multiples of 8.</summary>
    public static SqueezeExcitation? Excitation(bool wanted, int channels)
    {
        const int reduction = 16, multiple = 8;
        return wanted ? new(channels, Math.Max(multiple, (channels / reduction + multiple / 2) / multiple * multiple)) : null;
    }

    /// <summary>Stochastic depth, or null if its rate is 0.</summary>
    public static StochasticDepth? Drop(BlockPosition place) => place.DropRate > 0 ? new(place.DropRate) : null;

    /// <summary>The branch after excitation and stochastic depth, plus the shortcut. The branch's memory is reused.</summary>
    public static Tensor Of(Tensor branch, Tensor shortcut, nn.Module<Tensor, Tensor>? se, nn.Module<Tensor, Tensor>? drop)
    {
        if (se is not null) branch = se.call(branch);
        if (drop is not null) branch = drop.call(branch);
        return branch.add_(shortcut);
    }
}
