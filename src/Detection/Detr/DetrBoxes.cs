using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The box format of <see cref="Detr"/>: center, width and height, as fractions of the image.</summary>
internal static class DetrBoxes
{
    private const double Tiny = 1e-12;

    /// <summary>xyxy to center, width, height; […, 4] both.</summary>
    public static Tensor ToCenters(Tensor corners)
    {
        using var scope = NewDisposeScope();
        Tensor low = corners.narrow(-1, 0, 2), high = corners.narrow(-1, 2, 2);
        return cat([(low + high) * 0.5, high - low], -1).MoveToOuterDisposeScope();
    }

    /// <summary>Center, width, height to xyxy; […, 4] both.</summary>
    public static Tensor ToCorners(Tensor centers)
    {
        using var scope = NewDisposeScope();
        Tensor center = centers.narrow(-1, 0, 2), half = centers.narrow(-1, 2, 2) * 0.5;
        return cat([center - half, center + half], -1).MoveToOuterDisposeScope();
    }

    /// <summary>The generalized IoU (Rezatofighi et al. 2019, arXiv:1902.09630) of pairs of
    /// boxes, in [−1, 1]; shapes broadcast.</summary>
    /// <param name="first">[…, 4] xyxy.</param>
    /// <param name="second">[…, 4] xyxy.</param>
    /// <returns>[…].</returns>
    public static Tensor Giou(Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        Tensor[] a = first.unbind(-1), b = second.unbind(-1);                           // x1, y1, x2, y2
        Tensor intersection = (a[2].minimum(b[2]) - a[0].maximum(b[0])).clamp_min(0)
            * (a[3].minimum(b[3]) - a[1].maximum(b[1])).clamp_min(0);
        Tensor union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - intersection;
        Tensor hull = (a[2].maximum(b[2]) - a[0].minimum(b[0])) * (a[3].maximum(b[3]) - a[1].minimum(b[1]));
        // A box with the smallest sides that a sigmoid can output has no area in single precision.
        (union, hull) = (union.clamp_min(Tiny), hull.clamp_min(Tiny));
        return (intersection / union - (hull - union) / hull).MoveToOuterDisposeScope();
    }
}
