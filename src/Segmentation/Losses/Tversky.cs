using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>
/// One minus how well soft regions overlap, mean over the classes that are there: TP / (TP + α·FP + β·FN) (Salehi et al. 2017,
/// arXiv:1706.05721). Each class counts alike, however few its pixels are.
/// </summary>
public sealed class Tversky : SegmentationLoss
{
    private readonly double alpha;
    private readonly double beta;

    /// <summary>The loss.</summary>
    /// <param name="alpha">The weight of pixels that are wrongly taken for the class.</param>
    /// <param name="beta">The weight of the class's pixels that are missed. The paper's 0.7 finds more of small objects.</param>
    public Tversky(double alpha = 0.3, double beta = 0.7) => (this.alpha, this.beta) = (alpha, beta);

    /// <summary>Dice's coefficient (Milletari et al. 2016, arXiv:1606.04797).</summary>
    public static Tversky Dice() => new(0.5, 0.5);

    /// <summary>Jaccard's index, the soft form of IoU.</summary>
    public static Tversky Jaccard() => new(1, 1);

    /// <inheritdoc/>
    private protected override Tensor Compute(Tensor logits, Tensor labels)
    {
        (Tensor probabilities, Tensor truth) = ByClass(logits, labels);
        Tensor right = (probabilities * truth).sum(1);                                                          // [C]
        Tensor tooMuch = probabilities.sum(1) - right, missed = truth.sum(1) - right;
        return OverPresent(1 - right / (right + alpha * tooMuch + beta * missed).clamp(min: 1e-7), truth);
    }
}
