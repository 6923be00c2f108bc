using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Detection;

/// <summary>The loss of Keypoint R-CNN's branch (He et al. 2017, arXiv:1703.06870, section
/// 5): each heat map is a classification over its locations.</summary>
internal static class KeypointLoss
{
    /// <summary>Cross-entropy over the locations of the heat maps whose keypoint is annotated and in its region,
    /// a scalar over the whole batch; 0 if there are none.</summary>
    /// <param name="logits">[P, K, side, side].</param>
    /// <param name="positives">The P regions and their objects.</param>
    /// <param name="truth">The objects of each image, with keypoints.</param>
    public static Tensor Of(Tensor logits, PositiveRegions positives, IReadOnlyList<GroundTruth> truth)
    {
        using var scope = NewDisposeScope();
        Tensor regions = cat(positives.Regions);                                                // [P, 4]
        Tensor keypoints = cat([.. truth.Select((objects, i) => objects.Keypoints!.index_select(0, positives.Matches[i]))]);    // [P, K, 3]
        long side = logits.shape[^1];
        (Tensor places, Tensor valid) = Places(keypoints, regions, side);
        Tensor rows = valid.reshape(-1).nonzero().squeeze(1);                                   // of the P·K heat maps
        if (rows.shape[0] == 0) return (logits.sum() * 0).MoveToOuterDisposeScope();
        Tensor maps = logits.reshape(-1, side * side).index_select(0, rows);
        return cross_entropy(maps, places.reshape(-1).index_select(0, rows)).MoveToOuterDisposeScope();
    }

    /// <summary>The location of each keypoint in its region's heat map.</summary>
    /// <param name="keypoints">[P, K, 3]: x, y, visibility.</param>
    /// <param name="regions">[P, 4] xyxy.</param>
    /// <param name="side">Height and width of a heat map.</param>
    /// <returns>The location, row · side + column, int64 [P, K]; and whether the keypoint is annotated and inside, bool [P, K].</returns>
    public static (Tensor Places, Tensor Valid) Places(Tensor keypoints, Tensor regions, long side)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor column = Along(0), row = Along(1);
        Tensor valid = column.ge(0).logical_and(column.lt(side))
            .logical_and(row.ge(0)).logical_and(row.lt(side)).logical_and(keypoints.select(2, 2).gt(0));
        return ((row * side + column).MoveToOuterDisposeScope(), valid.MoveToOuterDisposeScope());

        Tensor Along(int axis)
        {
            Tensor start = regions.select(1, axis).unsqueeze(1), end = regions.select(1, axis + 2).unsqueeze(1);    // [P, 1]
            Tensor position = keypoints.select(2, axis);                                        // [P, K]
            Tensor step = ((position - start) * ((end - start).reciprocal() * side)).floor().to(int64);
            // The far border belongs to the last cell.
            return step.masked_fill(position.eq(end), side - 1);
        }
    }
}
