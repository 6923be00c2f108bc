using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// YOLOX's assignment (Ge et al. 2021, arXiv:2107.08430, section 2.1): every object takes the k cells of lowest cost, where k is the sum
/// of its best predictions' IoUs; a cell taken by several objects is assigned to the object of lowest cost.
/// </summary>
internal static class SimOta
{
    /// <summary>How many of an object's best predictions determine the number of cells that it takes.</summary>
    private const int CountedPredictions = 10;

    /// <summary>The radius of the center region in strides: 5×5 cells.</summary>
    private const double CenterRadius = 2.5;

    private const double IouWeight = 3;
    private const double OutsideCost = 1e5;

    /// <summary>The object that each cell is matched with, and the IoU of its prediction.</summary>
    /// <param name="objects">The objects of one image.</param>
    /// <param name="boxes">The cells' decoded boxes, [A, 4].</param>
    /// <param name="logits">[A, C].</param>
    /// <param name="objectness">Logits, [A].</param>
    /// <param name="cells">[A, 3].</param>
    /// <returns>int64 [A], a row of the objects or <see cref="Matcher.Background"/>; and the IoU of the cell's
    /// box with its object, [A], only meaningful for matched cells.</returns>
    public static (Tensor Matches, Tensor Ious) Match(GroundTruth objects, Tensor boxes, Tensor logits, Tensor objectness, Tensor cells)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        long count = cells.shape[0];
        if (objects.Labels.shape[0] == 0)
            return (full(count, Matcher.Background, int64, cells.device).MoveToOuterDisposeScope(),
                zeros(count, device: cells.device).MoveToOuterDisposeScope());

        (Tensor inside, Tensor central) = Places(objects.Boxes, cells);                                         // bool [M, A]
        Tensor candidate = inside.logical_or(central).any(0);                                                   // [A]
        Tensor iou = BoxMath.Iou(objects.Boxes, boxes).nan_to_num() * candidate;                                // [M, A]
        Tensor cost = ClassCost(objects.Labels, logits, objectness) - IouWeight * (iou + 1e-8).log()
            + OutsideCost * inside.logical_and(central).logical_not();
        cost = cost.masked_fill(candidate.logical_not(), double.PositiveInfinity);                              // [M, A]

        int most = (int)Math.Min(CountedPredictions, count);
        Tensor wanted = iou.topk(most, 1).values.sum(1).to(int64).clamp_min(1);                                 // [M]
        var (lowest, taken) = cost.topk(most, 1, false);                                                        // [M, most], cheapest first
        Tensor takes = arange(most, int64, cells.device).lt(wanted.unsqueeze(1)).logical_and(lowest.isfinite());
        Tensor claims = zeros_like(cost).scatter_(1, taken, takes.to(cost.dtype));  // [M, A]: 1 where an object takes a cell

        // 0L, since the compiler also accepts a plain 0 as a ScalarType.
        Tensor claimants = claims.sum(0L);                                                                      // [A]
        Tensor matches = where(claimants.gt(1), cost.argmin(0), claims.argmax(0)).masked_fill(claimants.eq(0), Matcher.Background);
        Tensor fit = iou.gather(0, matches.clamp_min(0).unsqueeze(0)).squeeze(0);
        return (matches.MoveToOuterDisposeScope(), fit.MoveToOuterDisposeScope());
    }

    /// <summary>Which cells have their center in an object's box, and which near its center: bool [M, A] each.</summary>
    private static (Tensor Inside, Tensor Central) Places(Tensor objects, Tensor cells)
    {
        Tensor[] cell = cells.unbind(1), b = objects.unsqueeze(2).unbind(1);                                    // [A], [M, 1]
        Tensor x = cell[0] + 0.5 * cell[2], y = cell[1] + 0.5 * cell[2], reach = CenterRadius * cell[2];
        Tensor inside = (x - b[0]).minimum(b[2] - x).minimum((y - b[1]).minimum(b[3] - y)).gt(0);
        Tensor central = (x - (b[0] + b[2]) / 2).abs().maximum((y - (b[1] + b[3]) / 2).abs()).lt(reach);
        return (inside, central);
    }

    /// <summary>
    /// Cross-entropy of the scores √(class · objectness) against each object's class, summed over classes, [M, A]. It is computed as the
    /// cross-entropy without any object plus the difference of the object's class, which avoids an [M, A, C] tensor.
    /// </summary>
    private static Tensor ClassCost(Tensor labels, Tensor logits, Tensor objectness)
    {
        Tensor score = (logits.sigmoid() * objectness.sigmoid().unsqueeze(1)).sqrt();                           // [A, C]
        Tensor absent = (1 - score).log().clamp_min(-100).neg(), present = score.log().clamp_min(-100).neg();
        return (present - absent).t().index_select(0, labels - 1) + absent.sum(1);
    }
}
