using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// Matches points with objects as in FCOS (Tian et al. 2019, arXiv:1904.01355, and 2020, arXiv:2006.09214): a point matches if it is
/// inside the object, near its center, and on the level for the object's size; among several objects, the smallest.
/// </summary>
internal sealed class CenterSampling
{
    /// <summary>Larger than any area: the smaller of two areas has the larger difference from it.</summary>
    private const double AreaLimit = 1e8;

    private readonly double radius;

    /// <summary>Sampling with the given radius, in strides.</summary>
    public CenterSampling(double radius) => this.radius = radius;

    /// <summary>The object that each point matches: int64 [A], a row of
    /// <paramref name="objects"/>, or <see cref="Matcher.Background"/>.</summary>
    /// <param name="objects">[M, 4] xyxy; M may be 0.</param>
    /// <param name="points">Squares with the stride as side, centered on the points.</param>
    public Tensor Match(Tensor objects, Anchors points)
    {
        using var scope = NewDisposeScope();
        long count = points.Boxes.shape[0];
        if (objects.shape[0] == 0) return full(count, Matcher.Background, int64, objects.device).MoveToOuterDisposeScope();

        Tensor[] p = points.Boxes.unsqueeze(2).unbind(1), b = objects.unbind(1);                                // [A, 1], [M]
        Tensor x = (p[0] + p[2]) / 2, y = (p[1] + p[3]) / 2, stride = p[2] - p[0];                              // [A, 1]
        Tensor offset = (x - (b[0] + b[2]) / 2).abs().maximum((y - (b[1] + b[3]) / 2).abs());                   // [A, M]
        Tensor left = x - b[0], top = y - b[1], right = b[2] - x, bottom = b[3] - y;                            // [A, M]
        Tensor nearest = left.minimum(top).minimum(right).minimum(bottom);
        Tensor farthest = left.maximum(top).maximum(right).maximum(bottom);

        // Each level covers edges 4 to 8 strides away; the finest also nearer ones, the coarsest also farther ones.
        Tensor least = stride * 4, most = stride * 8;
        least.narrow(0, 0, points.PerLevel[0]).fill_(0);
        most.narrow(0, count - points.PerLevel[^1], points.PerLevel[^1]).fill_(float.PositiveInfinity);
        Tensor matches = offset.lt(radius * stride)
            .logical_and(nearest.gt(0)).logical_and(farthest.gt(least)).logical_and(farthest.lt(most));

        Tensor area = (b[2] - b[0]) * (b[3] - b[1]);
        var (best, row) = (matches.to(float32) * (AreaLimit - area)).max(1);                                    // [A]
        return row.masked_fill(best.lt(1e-5), Matcher.Background).MoveToOuterDisposeScope();
    }
}
