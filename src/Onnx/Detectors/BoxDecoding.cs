using Vision.Detection;
using Vision.Onnx.Building;

namespace Vision.Onnx.Detectors;

/// <summary>The decoders of boxes, and their clipping, in a graph. All boxes are [K, 4] xyxy.</summary>
internal static class BoxDecoding
{
    /// <summary>As <see cref="BoxCoder.Decode"/>.</summary>
    /// <param name="coder">The coder.</param>
    /// <param name="deltas">[K, 4].</param>
    /// <param name="anchors">[K, 4].</param>
    public static OnnxValue Deltas(BoxCoder coder, OnnxValue deltas, OnnxValue anchors)
    {
        OnnxValue low = First(anchors), size = Last(anchors) - low;                                             // [K, 2]
        OnnxValue center = First(deltas) / (float)coder.CenterWeight * size + (low + size * 0.5f);
        return Around(center, Grown(Last(deltas) / (float)coder.SizeWeight, BoxCoder.MaxLogScale) * size * 0.5f);
    }

    /// <summary>As <see cref="LtrbBoxCoder.Decode"/>.</summary>
    /// <param name="distances">[K, 4].</param>
    /// <param name="points">[K, 4].</param>
    public static OnnxValue Distances(OnnxValue distances, OnnxValue points)
    {
        OnnxValue low = First(points), high = Last(points), size = high - low, center = (low + high) * 0.5f;
        return points.Builder.Concat(-1, center - First(distances) * size, center + Last(distances) * size);
    }

    /// <summary>As <see cref="YoloXCoder.Decode"/>.</summary>
    /// <param name="coded">[K, 4].</param>
    /// <param name="cells">[K, 3].</param>
    public static OnnxValue Cells(OnnxValue coded, OnnxValue cells)
    {
        OnnxValue corner = First(cells), side = cells.Slice(-1, 2, 3);
        return Around(First(coded) * side + corner, Grown(Last(coded), YoloXCoder.MaxLogSize) * side * 0.5f);
    }

    /// <summary>As <see cref="YoloPriors.Decode"/>.</summary>
    /// <param name="coded">[K, 4].</param>
    /// <param name="rows">[K, 5].</param>
    public static OnnxValue Priors(OnnxValue coded, OnnxValue rows)
    {
        OnnxValue corner = First(rows), side = rows.Slice(-1, 2, 3), size = rows.Slice(-1, 3, 5);
        OnnxValue center = rows.Builder.Op("Sigmoid", First(coded)) * side + corner;
        return Around(center, Grown(Last(coded), BoxCoder.MaxLogScale) * size * 0.5f);
    }

    /// <summary>Boxes from their centers and sizes, [K, 4].</summary>
    public static OnnxValue Centers(OnnxValue centers) => Around(First(centers), Last(centers) * 0.5f);

    /// <summary>Boxes clipped to an image.</summary>
    /// <param name="boxes">[K, 4].</param>
    /// <param name="limits">Width, height, width and height, [4].</param>
    public static OnnxValue Clip(OnnxValue boxes, OnnxValue limits)
    {
        OnnxGraphBuilder builder = boxes.Builder;
        return builder.Op("Min", builder.Op("Max", boxes, builder.Const(0f)), limits);
    }

    /// <summary>The shorter side of each box, [K].</summary>
    public static OnnxValue ShorterSide(OnnxValue boxes) =>
        boxes.Builder.Op("ReduceMin", [Last(boxes) - First(boxes)], ("axes", (long[])[1]), ("keepdims", 0));

    private static OnnxValue Grown(OnnxValue logs, double largest) =>
        logs.Builder.Op("Exp", logs.Builder.Op("Min", logs, logs.Builder.Const((float)largest)));

    private static OnnxValue Around(OnnxValue center, OnnxValue half) => center.Builder.Concat(-1, center - half, center + half);

    private static OnnxValue First(OnnxValue pairs) => pairs.Slice(-1, 0, 2);

    private static OnnxValue Last(OnnxValue pairs) => pairs.Slice(-1, 2, 4);
}
