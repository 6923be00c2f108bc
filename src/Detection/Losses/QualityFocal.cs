using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// Focal loss of a soft target, the quality (IoU) that the predicted box of the right class has: |y − σ|^β times cross-entropy
/// (Li et al. 2020, arXiv:2006.04388), element by element. Scores learned so rank boxes by how well they fit.
/// </summary>
public sealed class QualityFocal : PairLoss
{
    private readonly double beta;

    /// <summary>The loss, reduced so.</summary>
    /// <param name="beta">How strongly the nearly right is left out; 2 is the paper's best.</param>
    /// <param name="reduction">How the elements are brought together.</param>
    public QualityFocal(double beta = 2, nn.Reduction reduction = nn.Reduction.None) : base(reduction) => this.beta = beta;

    /// <summary>The loss of each logit with its quality in [0, 1].</summary>
    protected override Tensor Each(Tensor predicted, Tensor target)
    {
        using var scope = NewDisposeScope();
        Tensor entropy = nn.functional.binary_cross_entropy_with_logits(predicted, target, null, nn.Reduction.None);
        return (entropy * (target - predicted.sigmoid()).abs().pow(beta)).MoveToOuterDisposeScope();
    }
}
