using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Detection;

/// <summary>The losses of SSD (Liu et al. 2016, arXiv:1512.02325), divided by the number of positives of the
/// batch, with the hardest negatives of each image.</summary>
/// <remarks>As in torchvision, an image without objects has no positives and therefore no negatives: it is ignored.</remarks>
internal sealed class SsdLoss
{
    private static readonly SmoothL1 smoothL1 = new(reduction: nn.Reduction.Sum);

    private readonly Matcher matcher;
    private readonly double negativesPerPositive;

    /// <summary>The losses with the given options.</summary>
    public SsdLoss(SsdOptions options)
    {
        matcher = new Matcher(options.PositiveIou, options.PositiveIou, keepBest: false);
        negativesPerPositive = options.NegativesPerPositive;
    }

    /// <summary>The two losses, each a scalar: cross-entropy of the classes, and smooth L1 of the positives' deltas.</summary>
    /// <param name="logits">[N, A, classes].</param>
    /// <param name="deltas">[N, A, 4].</param>
    /// <param name="boxes">The default boxes, [A, 4].</param>
    /// <param name="truth">The objects of each image.</param>
    public (Tensor Classification, Tensor Box) Of(Tensor logits, Tensor deltas, Tensor boxes, IReadOnlyList<GroundTruth> truth)
    {
        using var scope = NewDisposeScope();
        Assignment assigned = Assignment.From(stack(truth.Select(objects => Match(objects.Boxes, boxes))), truth);
        long positives = Math.Max(1, assigned.Places.shape[0]);

        Tensor matched = boxes.index_select(0, assigned.Places);
        Tensor box = smoothL1.Of(
            deltas.index(assigned.Images, assigned.Places), BoxCoder.ForDetections.Encode(assigned.Boxes, matched)) / positives;

        // [N, A]
        Tensor entropy = cross_entropy(logits.flatten(0, 1), assigned.Labels.flatten(), null, -100, nn.Reduction.None)
            .view_as(assigned.Labels);
        Tensor counted = assigned.Labels.gt(0).to(float32) + Hardest(entropy, assigned);
        Tensor classification = (entropy * counted).sum() / positives;
        return (classification.MoveToOuterDisposeScope(), box.MoveToOuterDisposeScope());
    }

    /// <summary>The default box that overlaps an object most matches it, even if it overlaps another object more.</summary>
    private Tensor Match(Tensor objects, Tensor boxes)
    {
        using var scope = NewDisposeScope();
        Tensor matches = matcher.Match(objects, boxes);                                                 // [A]
        if (objects.shape[0] > 0)
        {
            Tensor best = BoxMath.Iou(objects, boxes).max(1).indexes;                                   // [M]
            matches.index_put_(arange(objects.shape[0], int64, matches.device), best);
        }
        return matches.MoveToOuterDisposeScope();
    }

    /// <summary>1 at the negatives with the largest loss, a fixed number per positive of the image; else 0.</summary>
    private Tensor Hardest(Tensor entropy, Assignment assigned)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor negative = entropy.masked_fill(assigned.Labels.gt(0), float.NegativeInfinity);
        Tensor place = negative.sort(1, true).Indices.sort(1).Indices;                                  // [N, A]: 0 at the largest
        return place.lt((assigned.Counts.to(float32) * negativesPerPositive).unsqueeze(1)).to(float32).MoveToOuterDisposeScope();
    }
}
