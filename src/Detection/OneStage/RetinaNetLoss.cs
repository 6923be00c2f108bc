using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The losses of RetinaNet (Lin et al. 2017, arXiv:1708.02002) on all anchors;
/// each image's loss is divided by its number of positives.</summary>
internal sealed class RetinaNetLoss
{
    private static readonly SigmoidFocal focal = new();
    private static readonly L1 l1 = new();

    private readonly Matcher matcher;
    private readonly IouLoss? overlap;

    /// <summary>The losses with the given thresholds.</summary>
    /// <param name="options">The thresholds.</param>
    /// <param name="overlap">The kind of IoU loss for boxes; null for L1 loss of the deltas.</param>
    public RetinaNetLoss(RetinaNetOptions options, IouLossKind? overlap)
    {
        matcher = new Matcher(options.PositiveIou, options.NegativeIou, keepBest: true);
        this.overlap = overlap is { } kind ? new IouLoss(kind) : null;
    }

    /// <summary>The two losses, each a scalar: focal loss of the classes, and the loss of the positives' boxes.</summary>
    /// <param name="logits">[N, A, classes].</param>
    /// <param name="deltas">[N, A, 4].</param>
    /// <param name="anchors">[A, 4].</param>
    /// <param name="truth">The objects of each image.</param>
    public (Tensor Classification, Tensor Box) Of(Tensor logits, Tensor deltas, Tensor anchors, IReadOnlyList<GroundTruth> truth)
    {
        using var scope = NewDisposeScope();
        Tensor matches = stack(truth.Select(objects => matcher.Match(objects.Boxes, anchors)));                 // [N, A]
        Assignment assigned = Assignment.From(matches, truth);
        Tensor weights = 1 / (assigned.Counts.clamp_min(1).to(float32) * truth.Count);                          // [N]

        Tensor trained = matches.ne(Matcher.Ignored).to(float32) * weights.unsqueeze(1);                        // [N, A]
        Tensor classification = (focal.Of(logits, assigned.OneHot(logits.shape[2])).sum(2) * trained).sum();

        Tensor predicted = deltas.index(assigned.Images, assigned.Places);                                      // [P, 4]
        Tensor matched = anchors.index_select(0, assigned.Places);
        Tensor each = overlap?.Of(BoxCoder.ForProposals.Decode(predicted, matched), assigned.Boxes)
            ?? l1.Of(predicted, BoxCoder.ForProposals.Encode(assigned.Boxes, matched)).sum(1);                  // [P]
        Tensor box = (each * weights.index_select(0, assigned.Images)).sum();
        return (classification.MoveToOuterDisposeScope(), box.MoveToOuterDisposeScope());
    }
}
