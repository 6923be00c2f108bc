using Vision.Ops;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Detection;

/// <summary>The loss of Mask R-CNN's branch (He et al. 2017, arXiv:1703.06870, section 3):
/// classes do not compete, since the box branch selects the class.</summary>
internal static class MaskLoss
{
    /// <summary>Binary cross-entropy of the pixels of the true class's masks, a scalar over the whole batch; 0 without regions.</summary>
    /// <param name="logits">[P, classes, side, side].</param>
    /// <param name="positives">The P regions and their objects.</param>
    /// <param name="truth">The objects of each image, with masks.</param>
    public static Tensor Of(Tensor logits, PositiveRegions positives, IReadOnlyList<GroundTruth> truth)
    {
        using var scope = NewDisposeScope();
        if (logits.shape[0] == 0) return (logits.sum() * 0).MoveToOuterDisposeScope();
        Tensor predicted = OfClass(logits, positives.Labels);                                   // [P, side, side]
        Tensor targets = Targets(positives, truth, logits.shape[^1]);
        return binary_cross_entropy_with_logits(predicted, targets).MoveToOuterDisposeScope();
    }

    /// <summary>The mask of each region's class, [R, side, side].</summary>
    /// <param name="logits">[R, classes, side, side].</param>
    /// <param name="labels">int64 [R].</param>
    public static Tensor OfClass(Tensor logits, Tensor labels)
    {
        using var scope = NewDisposeScope();
        return logits.index(arange(labels.shape[0], int64, labels.device), labels).MoveToOuterDisposeScope();
    }

    /// <summary>The target masks of regions: their objects' masks, cropped and
    /// resized by RoIAlign, [P, side, side] in [0, 1].</summary>
    private static Tensor Targets(PositiveRegions positives, IReadOnlyList<GroundTruth> truth, long side)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        List<Tensor> targets = [];
        for (int i = 0; i < truth.Count; i++)
        {
            if (positives.Regions[i].shape[0] == 0) continue;
            Tensor regions = positives.Regions[i];
            Tensor masks = truth[i].Masks!.unsqueeze(1).to(regions.dtype);                      // [M, 1, H, W]
            Tensor rois = cat([positives.Matches[i].unsqueeze(1).to(regions.dtype), regions], 1);
            targets.Add(RoiAlign.Pool(masks, rois, side, side, 1, 0).squeeze(1));
        }
        return cat(targets).MoveToOuterDisposeScope();
    }
}
