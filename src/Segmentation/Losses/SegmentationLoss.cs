using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>A loss of class logits. Pixels of <see cref="SegmentationMap.Ignore"/> are ignored; if there
/// are no others, the loss is 0 with gradients of 0.</summary>
public abstract class SegmentationLoss
{
    /// <summary>The loss, a scalar.</summary>
    /// <param name="logits">[N, C, H, W]; gradients flow to them.</param>
    /// <param name="labels">int64 [N, H, W]: 0..C−1, or 255.</param>
    /// <exception cref="ArgumentException">The shapes do not match.</exception>
    public Tensor Of(Tensor logits, Tensor labels)
    {
        if (logits.dim() != 4 || labels.dim() != 3 || labels.shape[0] != logits.shape[0]
            || !labels.shape[1..].SequenceEqual(logits.shape[2..]))
        {
            throw new ArgumentException(
                $"The labels are [{string.Join(", ", labels.shape)}]; expected the pixels of the logits " +
                $"[{string.Join(", ", logits.shape)}].", nameof(labels));
        }
        using var scope = NewDisposeScope();
        return Compute(logits, labels).MoveToOuterDisposeScope();
    }

    /// <summary>The loss and its parameters. A run is resumed only with the loss that it was started with.</summary>
    public override string ToString() => GetType().Name;

    /// <summary>The loss, for validated shapes.</summary>
    protected abstract Tensor Compute(Tensor logits, Tensor labels);

    /// <summary>True for pixels that are not ignored: bool [N, H, W].</summary>
    protected static Tensor Counted(Tensor labels) => labels.ne(SegmentationMap.Ignore);

    /// <summary>The mean of the counted values; 0 if there are none.</summary>
    protected static Tensor Mean(Tensor values, Tensor counted) => (values * counted).sum() / counted.sum().clamp(min: 1);

    /// <summary>Probabilities and targets of all pixels, per class, both 0 for ignored
    /// pixels: float32 [C, P] each.</summary>
    protected static (Tensor Probabilities, Tensor Truth) ByClass(Tensor logits, Tensor labels)
    {
        long classes = logits.shape[1];
        Tensor flat = labels.reshape(1, -1);
        Tensor probabilities = logits.softmax(1).transpose(0, 1).reshape(classes, -1) * Counted(flat);
        Tensor truth = flat.eq(arange(classes, int64, labels.device).unsqueeze(1)).to(float32);
        return (probabilities, truth);
    }

    /// <summary>The mean over the classes present in the truth; 0, with a gradient, if there are none.</summary>
    /// <param name="each">[C].</param>
    /// <param name="truth">As in <see cref="ByClass"/>.</param>
    protected static Tensor OverPresent(Tensor each, Tensor truth)
    {
        Tensor present = truth.sum(1).gt(0);
        return Mean(each, present);
    }
}
