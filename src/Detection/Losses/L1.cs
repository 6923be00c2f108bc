using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The elementwise absolute difference.</summary>
public sealed class L1 : PairLoss
{
    /// <summary>The loss with the given reduction.</summary>
    public L1(nn.Reduction reduction = nn.Reduction.None) : base(reduction) { }

    /// <inheritdoc/>
    protected override Tensor Each(Tensor predicted, Tensor target) => nn.functional.l1_loss(predicted, target, nn.Reduction.None);
}
