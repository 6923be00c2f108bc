using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>The shortcut without parameters (He et al. 2015, option A): every <c>stride</c>-th pixel, with zeros for
/// the missing channels, half of them on each side.</summary>
internal sealed class PaddedShortcut : nn.Module<Tensor, Tensor>
{
    private readonly int stride;
    private readonly int before;
    private readonly int after;

    /// <summary>A shortcut from <paramref name="inChannels"/> to <paramref name="outChannels"/> channels.</summary>
    public PaddedShortcut(int inChannels, int outChannels, int stride) : base(nameof(PaddedShortcut))
    {
        this.stride = stride;
        before = (outChannels - inChannels) / 2;
        after = outChannels - inChannels - before;
    }

    /// <summary>[N, inChannels, H, W] to [N, outChannels, ⌈H/stride⌉, ⌈W/stride⌉].</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor pixels = x.slice(2, 0, long.MaxValue, stride).slice(3, 0, long.MaxValue, stride);   // to the end, at any size
        return nn.functional.pad(pixels, [0, 0, 0, 0, before, after]).MoveToOuterDisposeScope();
    }
}
