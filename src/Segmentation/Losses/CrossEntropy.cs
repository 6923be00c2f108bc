using System.Globalization;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>Cross-entropy, mean over pixels: the usual loss of segmentation, also in torchvision's references.</summary>
public sealed class CrossEntropy : SegmentationLoss
{
    private readonly float[]? weights;

    /// <summary>The loss.</summary>
    /// <param name="weights">A weight for each class, such as from <see cref="ClassWeights"/>; the
    /// mean is then weighted. Null weights all classes equally.</param>
    public CrossEntropy(IReadOnlyList<float>? weights = null) => this.weights = weights?.ToArray();

    /// <inheritdoc/>
    public override string ToString() => weights is null ? nameof(CrossEntropy)
        : $"{nameof(CrossEntropy)}({string.Join(", ", weights.Select(weight => weight.ToString(CultureInfo.InvariantCulture)))})";

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor logits, Tensor labels)
    {
        Tensor? weight = weights is null ? null : tensor(weights).to(logits.device);
        Tensor sum = nn.functional.cross_entropy(logits, labels, weight, SegmentationMap.Ignore, nn.Reduction.Sum);
        Tensor counted = Counted(labels);
        Tensor total = weight is null
            ? counted.sum()
            : (weight.index_select(0, labels.clamp(0, weight.shape[0] - 1).flatten()) * counted.flatten()).sum();
        return sum / total.clamp(min: 1e-12);
    }
}
