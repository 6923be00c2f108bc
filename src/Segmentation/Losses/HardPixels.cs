using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>
/// Cross-entropy of the hard pixels alone (OHEM; Shrivastava et al. 2016, arXiv:1604.03540): those whose true class has a low probability,
/// and at least a part of all, the hardest. Easy ones, such as most of a road, no longer drown poles and signs.
/// </summary>
public sealed class HardPixels : SegmentationLoss
{
    private readonly double easy;
    private readonly double leastShare;

    /// <summary>The loss; the defaults are those that are usual on street scenes.</summary>
    /// <param name="easy">From this probability of the true class on a pixel is easy.</param>
    /// <param name="leastShare">The part of the pixels that is kept at least.</param>
    public HardPixels(double easy = 0.7, double leastShare = 0.1) => (this.easy, this.leastShare) = (easy, leastShare);

    /// <inheritdoc/>
    private protected override Tensor Compute(Tensor logits, Tensor labels)
    {
        // [P]; 0 where ignored
        Tensor entropy = nn.functional.cross_entropy(logits, labels, null, SegmentationMap.Ignore, nn.Reduction.None).flatten();
        Tensor counted = Counted(labels).flatten();
        long least = (long)Math.Ceiling(leastShare * counted.sum().item<long>());
        if (least == 0) return entropy.sum();
        Tensor limit;
        using (no_grad())
        {
            Tensor kept = entropy.masked_select(counted).topk((int)least).values.min();
            limit = kept.clamp(max: -Math.Log(easy));
        }
        return Mean(entropy, counted.logical_and(entropy.ge(limit)));
    }
}
