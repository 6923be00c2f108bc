using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Backbones;

/// <summary>Halves the resolution: 2×2 pixels become one of twice the channels (Liu et al. 2021, arXiv:2103.14030).</summary>
internal sealed class PatchMerging : nn.Module<Tensor, Tensor>
{
    private readonly Linear reduction;
    private readonly LayerNorm norm;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="channels">Channels of the input.</param>
    public PatchMerging(int channels) : base(nameof(PatchMerging))
    {
        reduction = nn.Linear(4 * channels, 2 * channels, false);
        norm = nn.LayerNorm(4 * channels);
        RegisterComponents();
    }

    /// <summary>[N, H, W, channels] to [N, ⌈H/2⌉, ⌈W/2⌉, 2·channels].</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        long height = x.shape[1], width = x.shape[2];
        if (height % 2 + width % 2 > 0) x = pad(x, [0, 0, 0, width % 2, 0, height % 2]);
        Tensor[] quarters = [Every2nd(0, 0), Every2nd(1, 0), Every2nd(0, 1), Every2nd(1, 1)];
        return reduction.call(norm.call(cat(quarters, -1))).MoveToOuterDisposeScope();

        Tensor Every2nd(long row, long column) => x.slice(1, row, x.shape[1], 2).slice(2, column, x.shape[2], 2);
    }
}
