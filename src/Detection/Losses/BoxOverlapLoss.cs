using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// 1 − IoU of each predicted box with its target, with a penalty that leads boxes to each other even where they do not overlap;
/// equal to torchvision's <c>generalized_box_iou_loss</c>, <c>distance_box_iou_loss</c> and <c>complete_box_iou_loss</c>.
/// </summary>
public sealed class BoxOverlapLoss : PairLoss
{
    /// <summary>What keeps divisions from 0.</summary>
    private const double Epsilon = 1e-7;

    private readonly BoxOverlapKind kind;

    /// <summary>The loss of that kind, reduced so.</summary>
    public BoxOverlapLoss(BoxOverlapKind kind, nn.Reduction reduction = nn.Reduction.None) : base(reduction) => this.kind = kind;

    /// <summary>The loss of each pair, [N]: of boxes [N, 4] xyxy whose sides are not negative.</summary>
    protected override Tensor Each(Tensor predicted, Tensor target)
    {
        using var scope = NewDisposeScope();
        Tensor[] a = predicted.unbind(-1), b = target.unbind(-1);                                       // x1, y1, x2, y2: [N]
        Tensor width = (a[2].minimum(b[2]) - a[0].maximum(b[0])).clamp_min(0);
        Tensor height = (a[3].minimum(b[3]) - a[1].maximum(b[1])).clamp_min(0);
        Tensor intersection = width * height;
        Tensor union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - intersection;
        Tensor iou = intersection / (union + Epsilon);
        Tensor loss = 1 - iou;
        if (kind != BoxOverlapKind.Iou)
        {
            Tensor outerWidth = a[2].maximum(b[2]) - a[0].minimum(b[0]), outerHeight = a[3].maximum(b[3]) - a[1].minimum(b[1]);
            loss += kind == BoxOverlapKind.Giou ? Uncovered(outerWidth * outerHeight, union) : Distance(a, b, outerWidth, outerHeight);
        }
        if (kind == BoxOverlapKind.Ciou) loss += AspectTerm(a, b, iou);
        return loss.MoveToOuterDisposeScope();
    }

    private static Tensor Uncovered(Tensor outer, Tensor union) => (outer - union) / (outer + Epsilon);

    private static Tensor Distance(Tensor[] a, Tensor[] b, Tensor outerWidth, Tensor outerHeight)
    {
        Tensor dx = (a[2] + a[0] - b[2] - b[0]) / 2, dy = (a[3] + a[1] - b[3] - b[1]) / 2;
        return (dx.square() + dy.square()) / (outerWidth.square() + outerHeight.square() + Epsilon);
    }

    private static Tensor AspectTerm(Tensor[] a, Tensor[] b, Tensor iou)
    {
        // By atan2, which has a gradient at height 0 where atan(width / height) has none.
        Tensor difference = (b[2] - b[0]).atan2(b[3] - b[1]) - (a[2] - a[0]).atan2(a[3] - a[1]);
        Tensor v = 4 / (Math.PI * Math.PI) * difference.square();
        Tensor alpha = (v / (1 - iou + v + Epsilon)).detach();
        return alpha * v;
    }
}
