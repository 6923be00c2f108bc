using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>
/// Drops the residual branch of a block for random images of a batch in training (Huang et al.
/// 2016, arXiv:1603.09382), as torchvision's <c>StochasticDepth</c> in mode "row" does, with the same
/// random draws. It has no parameters and does nothing in evaluation.
/// </summary>
public sealed class StochasticDepth : nn.Module<Tensor, Tensor>
{
    private readonly double rate;

    /// <summary>A layer that drops images with probability <paramref name="rate"/>, in [0, 1),
    /// and scales the others by 1 / (1 − rate).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not in [0, 1).</exception>
    public StochasticDepth(double rate) : base(nameof(StochasticDepth))
    {
        if (rate is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "Expected a rate of stochastic depth in [0, 1).");
        this.rate = rate;
    }

    /// <summary>The rate of block <paramref name="index"/> of <paramref name="count"/>: linear from 0 for the
    /// first to <paramref name="last"/> for the last.</summary>
    public static double LinearRate(double last, int index, int count) => count > 1 ? last * index / (count - 1) : last;

    /// <summary>The residual branch [N, …], with zeros for the dropped images.</summary>
    public override Tensor forward(Tensor branch)
    {
        if (!training || rate == 0) return branch.alias();
        using var scope = NewDisposeScope();
        long[] perImage = [branch.shape[0], .. Enumerable.Repeat(1L, (int)branch.dim() - 1)];
        // Always drawn by the CPU's generator: gradient checkpointing can repeat the same draws.
        Tensor kept = empty(perImage).bernoulli_(1 - rate).to(branch.dtype).div_(1 - rate).to(branch.device);
        return (branch * kept).MoveToOuterDisposeScope();
    }
}
