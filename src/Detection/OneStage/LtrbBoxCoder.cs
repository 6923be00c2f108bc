using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Encodes boxes as the distances of their four edges from a point, in units of the point's
/// stride (Tian et al. 2019, arXiv:1904.01355).</summary>
internal static class LtrbBoxCoder
{
    /// <summary>The distances (left, top, right, bottom), [P, 4].</summary>
    /// <param name="boxes">[P, 4] xyxy.</param>
    /// <param name="points">[P, 4] xyxy: squares with the stride as side, centered on the points.</param>
    public static Tensor Encode(Tensor boxes, Tensor points)
    {
        using var scope = NewDisposeScope();
        Tensor[] b = boxes.unbind(-1), p = points.unbind(-1);
        Tensor x = 0.5 * (p[0] + p[2]), y = 0.5 * (p[1] + p[3]), width = p[2] - p[0], height = p[3] - p[1];
        return stack([(x - b[0]) / width, (y - b[1]) / height, (b[2] - x) / width, (b[3] - y) / height], -1).MoveToOuterDisposeScope();
    }

    /// <summary>The boxes, [P, 4] xyxy, of distances [P, 4] from points.</summary>
    /// <param name="distances">(left, top, right, bottom), nonnegative.</param>
    /// <param name="points">[P, 4] xyxy: squares with the stride as side, centered on the points.</param>
    public static Tensor Decode(Tensor distances, Tensor points)
    {
        using var scope = NewDisposeScope();
        Tensor[] d = distances.unbind(-1), p = points.unbind(-1);
        Tensor x = 0.5 * (p[0] + p[2]), y = 0.5 * (p[1] + p[3]), width = p[2] - p[0], height = p[3] - p[1];
        return stack([x - d[0] * width, y - d[1] * height, x + d[2] * width, y + d[3] * height], -1).MoveToOuterDisposeScope();
    }
}
