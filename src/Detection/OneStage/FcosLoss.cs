using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Detection;

/// <summary>The losses of FCOS (Tian et al. 2019, arXiv:1904.01355), each divided by the number of positives of the whole batch.</summary>
internal sealed class FcosLoss
{
    private static readonly SigmoidFocal focal = new(reduction: nn.Reduction.Sum);
    private static readonly IouLoss giou = new(IouLossKind.Giou, nn.Reduction.Sum);

    private readonly CenterSampling sampling;

    /// <summary>The losses with the given options.</summary>
    public FcosLoss(FcosOptions options) => sampling = new CenterSampling(options.CenterSamplingRadius);

    /// <summary>The three losses, each a scalar: focal loss of the classes; GIoU loss and
    /// cross-entropy of the centerness of the positives.</summary>
    /// <param name="logits">[N, A, classes].</param>
    /// <param name="distances">[N, A, 4].</param>
    /// <param name="centerness">Logits, [N, A].</param>
    /// <param name="points">The squares centered on the points.</param>
    /// <param name="truth">The objects of each image.</param>
    public (Tensor Classification, Tensor Box, Tensor Centerness) Of(Tensor logits, Tensor distances, Tensor centerness, Anchors points,
        IReadOnlyList<GroundTruth> truth)
    {
        using var scope = NewDisposeScope();
        Tensor matches = stack(truth.Select(objects => sampling.Match(objects.Boxes, points)));                 // [N, A]
        Assignment assigned = Assignment.From(matches, truth);
        long positives = Math.Max(1, assigned.Places.shape[0]);

        Tensor matched = points.Boxes.index_select(0, assigned.Places);                                         // [P, 4]
        Tensor predicted = LtrbBoxCoder.Decode(distances.index(assigned.Images, assigned.Places), matched);
        Tensor classification = focal.Of(logits, assigned.OneHot(logits.shape[2])) / positives;
        Tensor box = giou.Of(predicted, assigned.Boxes) / positives;
        Tensor central = binary_cross_entropy_with_logits(
            centerness.index(assigned.Images, assigned.Places), Targets(assigned.Boxes, matched), null, nn.Reduction.Sum) / positives;
        return (classification.MoveToOuterDisposeScope(), box.MoveToOuterDisposeScope(), central.MoveToOuterDisposeScope());
    }

    /// <summary>The target centerness: from 0 at an object's border to 1 at its center, where opposite edges are equally far.</summary>
    private static Tensor Targets(Tensor boxes, Tensor points)
    {
        Tensor[] d = LtrbBoxCoder.Encode(boxes, points).unbind(1);  // left, top, right, bottom: [P]
        return (d[0].minimum(d[2]) / d[0].maximum(d[2]) * (d[1].minimum(d[3]) / d[1].maximum(d[3]))).sqrt();
    }
}
