using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// 1 − IoU of each predicted box with its target, plus a penalty that has a gradient even for boxes that do not overlap;
/// equal to torchvision's <c>generalized_box_iou_loss</c>, <c>distance_box_iou_loss</c> and <c>complete_box_iou_loss</c>.
/// </summary>
public sealed class IouLoss : PairLoss
{
    /// <summary>Prevents division by 0.</summary>
    private const double Epsilon = 1e-7;

    private readonly IouLossKind kind;

    /// <summary>The loss of the given kind and reduction.</summary>
    public IouLoss(IouLossKind kind, nn.Reduction reduction = nn.Reduction.None) : base(reduction) => this.kind = kind;

    /// <summary>The loss of each pair, [N], for boxes [N, 4] xyxy with nonnegative sides.</summary>
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
        if (kind != IouLossKind.Iou)
        {
            Tensor outerWidth = a[2].maximum(b[2]) - a[0].minimum(b[0]), outerHeight = a[3].maximum(b[3]) - a[1].minimum(b[1]);
            loss += kind == IouLossKind.Giou ? Uncovered(outerWidth * outerHeight, union) : Distance(a, b, outerWidth, outerHeight);
        }
        if (kind == IouLossKind.Ciou) loss += AspectTerm(a, b, iou);
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
        // atan2 has a gradient at height 0, unlike atan(width / height).
        Tensor difference = (b[2] - b[0]).atan2(b[3] - b[1]) - (a[2] - a[0]).atan2(a[3] - a[1]);
        Tensor v = 4 / (Math.PI * Math.PI) * difference.square();
        Tensor alpha = (v / (1 - iou + v + Epsilon)).detach();
        return alpha * v;
    }
}
