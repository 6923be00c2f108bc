using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>Window attention and an MLP of two linear layers, each after layer normalization and with a
/// shortcut (Liu et al. 2021, arXiv:2103.14030).</summary>
internal sealed class SwinBlock : nn.Module<Tensor, Tensor>
{
    private const int Expansion = 4;

    private readonly LayerNorm norm1;
    private readonly ShiftedWindowAttention attn;
    private readonly StochasticDepth? stochastic_depth;
    private readonly LayerNorm norm2;
    private readonly Sequential mlp;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="channels">Channels of input and output.</param>
    /// <param name="heads">Attention heads.</param>
    /// <param name="isShifted">Whether the windows are shifted.</param>
    /// <param name="dropRate">Rate of stochastic depth, for each branch.</param>
    public SwinBlock(int channels, int heads, bool isShifted, double dropRate) : base(nameof(SwinBlock))
    {
        norm1 = nn.LayerNorm(channels);
        attn = new ShiftedWindowAttention(channels, heads, isShifted);
        if (dropRate > 0) stochastic_depth = new StochasticDepth(dropRate);
        norm2 = nn.LayerNorm(channels);
        Linear expand = nn.Linear(channels, Expansion * channels), project = nn.Linear(Expansion * channels, channels);
        // The second linear layer has key 3: torchvision has a dropout, of rate 0, before it.
        mlp = nn.Sequential(("0", expand), ("1", nn.GELU()), ("3", project));
        RegisterComponents();
        // The network initializes the weights again; only the biases and the order of random draws matter here.
        foreach (Linear linear in (Linear[])[expand, project])
        {
            nn.init.xavier_uniform_(linear.weight!);
            nn.init.normal_(linear.bias!, 0, 1e-6);
        }
    }

    /// <summary>[N, H, W, channels] to the same shape.</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor y = attn.call(norm1.call(x));
        x = (stochastic_depth?.call(y) ?? y) + x;
        y = mlp.call(norm2.call(x));
        return ((stochastic_depth?.call(y) ?? y) + x).MoveToOuterDisposeScope();
    }
}
