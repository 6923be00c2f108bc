using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Arithmetic on tensors of xyxy boxes.</summary>
internal static class BoxMath
{
    /// <summary>The area of each box, in square pixels.</summary>
    /// <param name="boxes">[N, 4].</param>
    /// <returns>[N].</returns>
    public static Tensor Area(Tensor boxes)
    {
        using var scope = NewDisposeScope();
        Tensor[] side = boxes.unbind(1);                                                // x1, y1, x2, y2: [N]
        return ((side[2] - side[0]) * (side[3] - side[1])).MoveToOuterDisposeScope();
    }

    /// <summary>Intersection over union of each pair.</summary>
    /// <param name="first">[M, 4].</param>
    /// <param name="second">[N, 4].</param>
    /// <returns>[M, N], in [0, 1].</returns>
    public static Tensor Iou(Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        // One contiguous row per coordinate: the [M, N] loops below then run over contiguous memory.
        Tensor[] a = first.t().contiguous().unsqueeze(2).unbind(0);                     // x1, y1, x2, y2: [M, 1]
        Tensor[] b = second.t().contiguous().unbind(0);                                 // [N]
        Tensor width = (a[2].minimum(b[2]) - a[0].maximum(b[0])).clamp_min_(0);         // [M, N]
        Tensor height = (a[3].minimum(b[3]) - a[1].maximum(b[1])).clamp_min_(0);
        Tensor intersection = width.mul_(height);
        Tensor union = Area(first).unsqueeze(1) + Area(second) - intersection;
        return (intersection / union).MoveToOuterDisposeScope();
    }

    /// <summary>Boxes clipped to an image.</summary>
    /// <param name="boxes">[…, 4].</param>
    /// <param name="limits">The image's (width, height, width, height), [4], or one such row per box.</param>
    public static Tensor Clip(Tensor boxes, Tensor limits)
    {
        using var scope = NewDisposeScope();
        return boxes.clamp_min(0).minimum(limits).MoveToOuterDisposeScope();
    }

    /// <summary>Whether both sides of each box are at least <paramref name="minimum"/> pixels long.</summary>
    /// <param name="boxes">[N, 4].</param>
    /// <param name="minimum">In pixels.</param>
    /// <returns>bool [N].</returns>
    public static Tensor AtLeast(Tensor boxes, double minimum)
    {
        using var scope = NewDisposeScope();
        Tensor sides = boxes.narrow(1, 2, 2) - boxes.narrow(1, 0, 2);                   // width, height: [N, 2]
        return sides.ge(minimum).all(1).MoveToOuterDisposeScope();
    }

    /// <summary>The (width, height, width, height) of each image, as <see cref="Clip"/> expects it: float32 [N, 4].</summary>
    public static Tensor Limits(IReadOnlyList<ImageSize> sizes, Device device)
    {
        using var scope = NewDisposeScope();
        float[] rows = [.. sizes.SelectMany(size => new float[] { size.Width, size.Height, size.Width, size.Height })];
        return tensor(rows).reshape(sizes.Count, 4).to(device).MoveToOuterDisposeScope();
    }
}
