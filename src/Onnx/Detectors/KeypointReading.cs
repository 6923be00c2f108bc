using Vision.Detection;
using Vision.Onnx.Building;

namespace Vision.Onnx.Detectors;

/// <summary><see cref="HeatmapReader"/> in a graph.</summary>
internal static class KeypointReading
{
    /// <summary>x, y and logit of each keypoint, [D, K, 3], in pixels of the boxes' image.</summary>
    /// <param name="heatmaps">Logits, [D, K, side, side].</param>
    /// <param name="boxes">[D, 4] xyxy.</param>
    public static OnnxValue Read(OnnxValue heatmaps, OnnxValue boxes)
    {
        return boxes.Builder.Scan([heatmaps, boxes], (_, row) => [One(row[0], row[1])])[0];
    }

    /// <summary>The keypoints [K, 3] of a detection: the maxima of its maps [K, side, side] at the size of its box [4].</summary>
    private static OnnxValue One(OnnxValue maps, OnnxValue box)
    {
        OnnxGraphBuilder builder = maps.Builder;
        OnnxValue sides = builder.Op("Max", box.Slice(0, 2, 4) - box.Slice(0, 0, 2), builder.Const(1f));        // width, height: [2]
        OnnxValue pixels = builder.Op("Ceil", sides);
        OnnxValue columns = pixels.Slice(0, 0, 1).Cast(DataType.Int64), rows = pixels.Slice(0, 1, 2).Cast(DataType.Int64);
        OnnxValue sizes = builder.Concat(0, builder.Const([1L]), maps.Size(0), rows, columns);
        OnnxValue resized = builder.Op("Resize", [maps.Unsqueeze(0), null, null, sizes], ("mode", "cubic"),
            ("cubic_coeff_a", HeatmapReader.A), ("coordinate_transformation_mode", "half_pixel"));
        resized = resized.Reshape(builder.Concat(0, maps.Size(0), builder.Const([-1L])));                       // [K, rows·columns]
        OnnxValue place = builder.Op("ArgMax", [resized], ("axis", 1));                                         // [K, 1]
        OnnxValue best = builder.Op("ReduceMax", [resized], ("axes", (long[])[1]));
        OnnxValue y = place / columns, x = place - y * columns;
        OnnxValue points = (builder.Concat(1, x, y).Cast(DataType.Float) + 0.5f) * (sides / pixels) + box.Slice(0, 0, 2);
        return builder.Concat(1, points, best);
    }
}
