using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The absolute difference, element by element.</summary>
public sealed class L1 : PairLoss
{
    /// <summary>The loss, reduced so.</summary>
    public L1(nn.Reduction reduction = nn.Reduction.None) : base(reduction) { }

    /// <inheritdoc/>
    protected override Tensor Each(Tensor predicted, Tensor target) => nn.functional.l1_loss(predicted, target, nn.Reduction.None);
}
