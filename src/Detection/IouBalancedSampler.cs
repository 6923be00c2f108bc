using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// Samples negatives evenly over their overlap with objects (Libra R-CNN, Pang et al. 2019, arXiv:1904.02701, section 3.1): with uniform
/// sampling, nearly all of them overlap nothing and are too easy. Positives are sampled as in <see cref="BalancedSampler"/>.
/// </summary>
internal sealed class IouBalancedSampler
{
    private readonly int count;
    private readonly int maxPositives;
    private readonly int bins;

    /// <summary>A sampler of <paramref name="count"/> boxes, of which at most <paramref name="positiveFraction"/> are positive.</summary>
    /// <param name="count">Boxes per image.</param>
    /// <param name="positiveFraction">The maximum fraction of positives.</param>
    /// <param name="bins">The number of ranges of the negatives' overlaps: 3, as in the paper.</param>
    public IouBalancedSampler(int count, double positiveFraction, int bins = 3)
    {
        this.count = count;
        maxPositives = (int)(count * positiveFraction);
        this.bins = bins;
    }

    /// <summary>Samples the boxes of one image.</summary>
    /// <param name="matches">The result of <see cref="Matcher.Match"/>, int64 [N].</param>
    /// <param name="overlaps">The largest IoU of each box with any object, [N]; zeros if there are no objects.</param>
    /// <returns>Rows of the sampled positives and negatives, both int64 and ascending. A range with
    /// too few negatives is filled from the others.</returns>
    public (Tensor Positives, Tensor Negatives) Draw(Tensor matches, Tensor overlaps)
    {
        using var scope = NewDisposeScope();
        Tensor positives = Shuffled(matches.ge(0));
        positives = positives.narrow(0, 0, Math.Min(positives.shape[0], maxPositives));
        Tensor negatives = Shuffled(matches.eq(Matcher.Background));                                    // [K], in random order
        long wanted = Math.Min(negatives.shape[0], count - positives.shape[0]);
        if (wanted > 0)
        {
            Tensor overlap = overlaps.index_select(0, negatives);
            Tensor bin = (overlap / overlap.max().clamp_min(1e-12) * bins).floor().clamp_max(bins - 1).to(int64);
            // The first negatives of each range come first; then the rest in their random order.
            Tensor chosen = TopPerGroup.Rows(arange(negatives.shape[0], 0, -1, float32, negatives.device), bin, (int)(wanted / bins));
            Tensor rank = ones(negatives.shape[0], int64, negatives.device).index_fill_(0, chosen, 0);
            negatives = negatives.index_select(0, rank.sort(0, false, true).Indices.narrow(0, 0, wanted));
        }
        else
        {
            negatives = negatives.narrow(0, 0, 0);
        }
        return (positives.sort().Values.MoveToOuterDisposeScope(), negatives.sort().Values.MoveToOuterDisposeScope());
    }

    private static Tensor Shuffled(Tensor mask)
    {
        Tensor rows = mask.nonzero().squeeze(1);
        return rows.index_select(0, randperm(rows.shape[0], int64, rows.device));
    }
}
