using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>
/// One minus the soft overlap TP / (TP + α·FP + β·FN), mean over the present classes (Salehi et al. 2017,
/// arXiv:1706.05721). All classes count alike, however few pixels they have.
/// </summary>
public sealed class Tversky : SegmentationLoss
{
    private readonly double alpha;
    private readonly double beta;

    /// <summary>The loss.</summary>
    /// <param name="alpha">The weight of false positives.</param>
    /// <param name="beta">The weight of false negatives. The paper's 0.7 improves the recall of small objects.</param>
    public Tversky(double alpha = 0.3, double beta = 0.7) => (this.alpha, this.beta) = (alpha, beta);

    /// <summary>Dice's coefficient (Milletari et al. 2016, arXiv:1606.04797).</summary>
    public static Tversky Dice() => new(0.5, 0.5);

    /// <summary>Jaccard's index, the soft form of IoU.</summary>
    public static Tversky Jaccard() => new(1, 1);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{nameof(Tversky)}({alpha}, {beta})");

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor logits, Tensor labels)
    {
        (Tensor probabilities, Tensor truth) = ByClass(logits, labels);
        Tensor right = (probabilities * truth).sum(1);                                                          // [C]
        Tensor tooMuch = probabilities.sum(1) - right, missed = truth.sum(1) - right;
        return OverPresent(1 - right / (right + alpha * tooMuch + beta * missed).clamp(min: 1e-7), truth);
    }
}
