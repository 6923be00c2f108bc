using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Detection;

/// <summary>The losses of YOLOX (Ge et al. 2021, arXiv:2107.08430), each divided by the number of positives of the batch.</summary>
internal static class YoloXLoss
{
    private const double BoxWeight = 5;

    private static readonly IouLoss overlap = new(IouLossKind.Iou);

    /// <summary>The three losses, each a scalar: 1 − IoU² of the boxes, and cross-entropy of
    /// objectness and of classes, whose targets are the IoUs.</summary>
    /// <param name="logits">[N, A, C].</param>
    /// <param name="coded">Encoded boxes, [N, A, 4].</param>
    /// <param name="objectness">Logits, [N, A].</param>
    /// <param name="cells">[A, 3].</param>
    /// <param name="truth">The objects of each image.</param>
    public static (Tensor Box, Tensor Objectness, Tensor Classification) Of(Tensor logits, Tensor coded, Tensor objectness, Tensor cells,
        IReadOnlyList<GroundTruth> truth)
    {
        using var scope = NewDisposeScope();
        Tensor boxes = YoloXCoder.Decode(coded, cells);                                                         // [N, A, 4]
        var matches = new Tensor[truth.Count];
        var ious = new Tensor[truth.Count];
        for (int i = 0; i < truth.Count; i++)
            (matches[i], ious[i]) = SimOta.Match(truth[i], boxes[i].detach(), logits[i].detach(), objectness[i].detach(), cells);
        Assignment assigned = Assignment.From(stack(matches), truth);
        long positives = Math.Max(1, assigned.Places.shape[0]);

        // 1 − IoU², as in YOLOX's own code: the gradient does not vanish for boxes that barely overlap.
        Tensor iou = 1 - overlap.Of(boxes.index(assigned.Images, assigned.Places), assigned.Boxes);             // [P]
        Tensor box = BoxWeight * (1 - iou.square()).sum() / positives;
        Tensor objects = binary_cross_entropy_with_logits(
            objectness, assigned.Labels.gt(0).to(objectness.dtype), null, nn.Reduction.Sum) / positives;
        Tensor quality = stack(ious).index(assigned.Images, assigned.Places).unsqueeze(1);                      // [P, 1]
        Tensor classes = one_hot(assigned.Labels.index(assigned.Images, assigned.Places) - 1, logits.shape[2]) * quality;
        Tensor classification = binary_cross_entropy_with_logits(
            logits.index(assigned.Images, assigned.Places), classes, null, nn.Reduction.Sum) / positives;
        return (box.MoveToOuterDisposeScope(), objects.MoveToOuterDisposeScope(), classification.MoveToOuterDisposeScope());
    }
}
