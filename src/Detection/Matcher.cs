using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Matches each anchor or proposal with an object by intersection over union.</summary>
internal sealed class Matcher
{
    /// <summary>The match of a box that is background.</summary>
    public const long Background = -1;

    /// <summary>The match of a box that is neither clearly an object nor clearly background; it is ignored in training.</summary>
    public const long Ignored = -2;

    private readonly double positiveIou;
    private readonly double negativeIou;
    private readonly bool keepBest;

    /// <summary>A matcher with these thresholds.</summary>
    /// <param name="positiveIou">The minimum IoU of a match.</param>
    /// <param name="negativeIou">Below it, a box is background; between the two thresholds it is ignored.</param>
    /// <param name="keepBest">Whether the boxes that overlap an object most also match, regardless
    /// of IoU, so that no object stays unmatched.</param>
    public Matcher(double positiveIou, double negativeIou, bool keepBest) =>
        (this.positiveIou, this.negativeIou, this.keepBest) = (positiveIou, negativeIou, keepBest);

    /// <summary>The object that each box matches.</summary>
    /// <param name="objects">[M, 4] xyxy; M may be 0, then all boxes are background.</param>
    /// <param name="boxes">[N, 4] xyxy.</param>
    /// <returns>int64 [N]: a row of <paramref name="objects"/>, or <see cref="Background"/>, or <see cref="Ignored"/>.</returns>
    public Tensor Match(Tensor objects, Tensor boxes)
    {
        using var scope = NewDisposeScope();
        if (objects.shape[0] == 0)
            return full(boxes.shape[0], Background, int64, boxes.device).MoveToOuterDisposeScope();

        Tensor iou = BoxMath.Iou(objects, boxes);                                       // [M, N]
        (Tensor best, Tensor matches) = iou.max(0);                                     // [N]
        Tensor kept = matches.masked_fill(best.lt(positiveIou), Ignored).masked_fill_(best.lt(negativeIou), Background);
        if (keepBest)
        {
            // A box that is among the best of any object matches the object that it overlaps most itself, as in torchvision.
            Tensor bestOfObject = iou.max(1, true).values;                              // [M, 1]
            kept = where(iou.eq(bestOfObject).any(0), matches, kept);
        }
        return kept.MoveToOuterDisposeScope();
    }
}
