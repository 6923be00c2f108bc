using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>Cross-entropy, down-weighted for pixels whose true class is already probable (Lin et al.
/// 2017, arXiv:1708.02002); mean over pixels.</summary>
public sealed class Focal : SegmentationLoss
{
    private readonly double gamma;

    /// <summary>The loss.</summary>
    /// <param name="gamma">The strength of the down-weighting: the paper's 2; 0 is cross-entropy.</param>
    public Focal(double gamma = 2) => this.gamma = gamma;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{nameof(Focal)}({gamma})");

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor logits, Tensor labels)
    {
        // [N, H, W]; 0 where ignored
        Tensor entropy = nn.functional.cross_entropy(logits, labels, null, SegmentationMap.Ignore, nn.Reduction.None);
        return Mean((1 - (-entropy).exp()).pow(gamma) * entropy, Counted(labels));
    }
}
