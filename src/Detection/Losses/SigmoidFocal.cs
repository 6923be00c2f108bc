using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// Elementwise binary cross-entropy that down-weights easy elements (Lin et al. 2017, arXiv:1708.02002), so that thousands of easy
/// negatives do not dominate the few positives. Equal to torchvision's <c>sigmoid_focal_loss</c>.
/// </summary>
public sealed class SigmoidFocal : PairLoss
{
    private readonly double alpha;
    private readonly double gamma;

    /// <summary>The loss with the given reduction; the defaults are the paper's.</summary>
    /// <param name="alpha">The weight of positives, in [0, 1]; negatives have 1 − alpha. Below 0, both have weight 1.</param>
    /// <param name="gamma">How strongly easy elements are down-weighted; 0 is cross-entropy.</param>
    /// <param name="reduction">How the elements are reduced.</param>
    public SigmoidFocal(double alpha = 0.25, double gamma = 2, nn.Reduction reduction = nn.Reduction.None) : base(reduction) =>
        (this.alpha, this.gamma) = (alpha, gamma);

    /// <summary>The loss of each logit with its target, 0 or 1.</summary>
    protected override Tensor Each(Tensor predicted, Tensor target)
    {
        using var scope = NewDisposeScope();
        Tensor probability = predicted.sigmoid();
        Tensor entropy = nn.functional.binary_cross_entropy_with_logits(predicted, target, null, nn.Reduction.None);
        Tensor right = probability * target + (1 - probability) * (1 - target);
        Tensor loss = entropy * (1 - right).pow(gamma);
        if (alpha >= 0) loss = (alpha * target + (1 - alpha) * (1 - target)) * loss;
        return loss.MoveToOuterDisposeScope();
    }
}
