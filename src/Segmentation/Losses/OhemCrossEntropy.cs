using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>
/// Cross-entropy of the hard pixels only (OHEM; Shrivastava et al. 2016, arXiv:1604.03540): those whose true class has a low probability,
/// and at least a minimum fraction of all pixels. Easy pixels, such as most of a road, then no longer dominate poles and signs.
/// </summary>
public sealed class OhemCrossEntropy : SegmentationLoss
{
    private readonly double easy;
    private readonly double leastShare;

    /// <summary>The loss; the defaults are usual for street scenes.</summary>
    /// <param name="easy">The probability of the true class above which a pixel is easy.</param>
    /// <param name="leastShare">The minimum fraction of pixels that are kept.</param>
    public OhemCrossEntropy(double easy = 0.7, double leastShare = 0.1) => (this.easy, this.leastShare) = (easy, leastShare);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{nameof(OhemCrossEntropy)}({easy}, {leastShare})");

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor logits, Tensor labels)
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
