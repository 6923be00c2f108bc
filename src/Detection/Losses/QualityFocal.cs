using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// Elementwise focal loss with a soft target, the quality (IoU) of the predicted box for its class: |y − σ|^β times cross-entropy
/// (Li et al. 2020, arXiv:2006.04388). The learned scores then rank boxes by localization quality.
/// </summary>
public sealed class QualityFocal : PairLoss
{
    private readonly double beta;

    /// <summary>The loss with the given reduction.</summary>
    /// <param name="beta">How strongly easy elements are down-weighted; 2 is the paper's best.</param>
    /// <param name="reduction">How the elements are reduced.</param>
    public QualityFocal(double beta = 2, nn.Reduction reduction = nn.Reduction.None) : base(reduction) => this.beta = beta;

    /// <summary>The loss of each logit with its target quality in [0, 1].</summary>
    protected override Tensor Each(Tensor predicted, Tensor target)
    {
        using var scope = NewDisposeScope();
        Tensor entropy = nn.functional.binary_cross_entropy_with_logits(predicted, target, null, nn.Reduction.None);
        return (entropy * (target - predicted.sigmoid()).abs().pow(beta)).MoveToOuterDisposeScope();
    }
}
