using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>A loss between each prediction and its target, optionally reduced to a scalar.</summary>
public abstract class PairLoss
{
    private readonly nn.Reduction reduction;

    /// <summary>A loss with the given reduction; the mean of no elements is 0, not NaN.</summary>
    protected PairLoss(nn.Reduction reduction) => this.reduction = reduction;

    /// <summary>The loss: a scalar, or one value for each pair without a reduction.</summary>
    /// <param name="predicted">The predictions; gradients flow to them.</param>
    /// <param name="target">The targets, of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public Tensor Of(Tensor predicted, Tensor target)
    {
        if (!predicted.shape.SequenceEqual(target.shape))
            throw new ArgumentException(
                $"The targets are [{string.Join(", ", target.shape)}]; expected the shape of the predictions, " +
                $"[{string.Join(", ", predicted.shape)}].", nameof(target));
        using var scope = NewDisposeScope();
        Tensor each = Each(predicted, target);
        Tensor reduced = reduction switch
        {
            nn.Reduction.None => each,
            nn.Reduction.Mean when each.numel() > 0 => each.mean(),
            _ => each.sum(),
        };
        return reduced.MoveToOuterDisposeScope();
    }

    /// <summary>The loss of each pair.</summary>
    protected abstract Tensor Each(Tensor predicted, Tensor target);
}
