using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>A weighted sum of losses.</summary>
public sealed class WeightedLosses : SegmentationLoss
{
    private readonly (SegmentationLoss Loss, double Weight)[] parts;

    /// <summary>The sum.</summary>
    /// <param name="parts">At least one.</param>
    public WeightedLosses(params (SegmentationLoss Loss, double Weight)[] parts)
    {
        if (parts.Length == 0) throw new ArgumentException("Expected at least one loss.", nameof(parts));
        this.parts = parts;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(" + ", parts.Select(part => FormattableString.Invariant($"{part.Weight} {part.Loss}")));

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor logits, Tensor labels) =>
        stack(parts.Select(part => part.Loss.Of(logits, labels) * part.Weight)).sum();
}
