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
        // A row and a column of zeros, which only odd sides reach. Even ones get them, too: so a traced graph holds for any size.
        Tensor padded = pad(x, [0, 0, 0, 1, 0, 1]);
        Tensor[] quarters = [Every2nd(0, 0), Every2nd(1, 0), Every2nd(0, 1), Every2nd(1, 1)];
        return reduction.call(norm.call(cat(quarters, -1))).MoveToOuterDisposeScope();

        Tensor Every2nd(int row, int column) => Every2ndOf(Every2ndOf(padded, 1, row), 2, column);

        // From the first on without the padding, or from the second on with it: both are ⌈side/2⌉.
        static Tensor Every2ndOf(Tensor map, int side, int first) => map.slice(side, first, first == 0 ? -1 : long.MaxValue, 2);
    }
}
