using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Samples a fixed number of boxes per image, with at most a given fraction of positives; negatives fill the rest.</summary>
internal sealed class BalancedSampler
{
    private readonly int count;
    private readonly int maxPositives;

    /// <summary>A sampler of <paramref name="count"/> boxes, of which at most <paramref name="positiveFraction"/> are positive.</summary>
    public BalancedSampler(int count, double positiveFraction)
    {
        this.count = count;
        maxPositives = (int)(count * positiveFraction);
    }

    /// <summary>Samples the boxes of one image. It consumes torch's random numbers as torchvision's sampler does.</summary>
    /// <param name="matches">The result of <see cref="Matcher.Match"/>, int64 [N].</param>
    /// <returns>Rows of the sampled positives and negatives, both int64 and ascending.</returns>
    public (Tensor Positives, Tensor Negatives) Draw(Tensor matches)
    {
        using var scope = NewDisposeScope();
        Tensor positives = matches.ge(0).nonzero().squeeze(1);                          // [P]
        Tensor negatives = matches.eq(Matcher.Background).nonzero().squeeze(1);
        long positiveCount = Math.Min(positives.shape[0], maxPositives);
        long negativeCount = Math.Min(negatives.shape[0], count - positiveCount);
        positives = Choose(positives, positiveCount);
        negatives = Choose(negatives, negativeCount);
        return (positives.MoveToOuterDisposeScope(), negatives.MoveToOuterDisposeScope());
    }

    private static Tensor Choose(Tensor rows, long chosen)
    {
        Tensor order = randperm(rows.shape[0], int64, rows.device);
        return rows.index_select(0, order.narrow(0, 0, chosen)).sort().Values;
    }
}
