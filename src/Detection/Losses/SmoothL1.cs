using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Elementwise; quadratic near 0, linear beyond (Girshick 2015, arXiv:1504.08083), so that
/// outliers do not dominate the gradient.</summary>
public sealed class SmoothL1 : PairLoss
{
    private readonly double beta;

    /// <summary>The loss with the given reduction.</summary>
    /// <param name="beta">Where it changes from quadratic to linear; 1, as in Fast R-CNN.</param>
    /// <param name="reduction">How the elements are reduced.</param>
    public SmoothL1(double beta = 1, nn.Reduction reduction = nn.Reduction.None) : base(reduction) => this.beta = beta;

    /// <inheritdoc/>
    protected override Tensor Each(Tensor predicted, Tensor target) =>
        nn.functional.smooth_l1_loss(predicted, target, nn.Reduction.None, beta);
}
