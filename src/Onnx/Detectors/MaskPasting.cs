using Vision.Detection;
using Vision.Onnx.Building;

namespace Vision.Onnx.Detectors;

/// <summary><see cref="MaskPaster"/> in a graph. Bilinear interpolation is a product with a matrix on each side: a pixel's weight for a
/// value of the mask falls off linearly with their distance, and what is outside of the box is far from all values.</summary>
internal static class MaskPasting
{
    /// <summary>The masks in the image: bool [D, H, W].</summary>
    /// <param name="probabilities">[D, side, side].</param>
    /// <param name="side">Height and width of a mask.</param>
    /// <param name="boxes">[D, 4] xyxy, in pixels of the original image.</param>
    /// <param name="size">Height and width of the original image, int64 [2].</param>
    public static OnnxValue Paste(OnnxValue probabilities, long side, OnnxValue boxes, OnnxValue size)
    {
        OnnxGraphBuilder builder = probabilities.Builder;
        OnnxValue across = Weights(boxes.Slice(1, 0, 1), boxes.Slice(1, 2, 3), side, size.Slice(0, 1, 2));      // [D, side, W]
        OnnxValue down = Weights(boxes.Slice(1, 1, 2), boxes.Slice(1, 3, 4), side, size.Slice(0, 0, 1));        // [D, side, H]
        // One after the other: all of them as float32 would take four times the memory of the result.
        return builder.Scan([probabilities, across, down.Transpose(0, 2, 1)], (body, row) =>
            [body.Op("MatMul", row[2], body.Op("MatMul", row[0], row[1])) > MaskPaster.Threshold])[0];
    }

    /// <summary>Each pixel's weight for each value of a mask, along one axis: [D, side, pixels].</summary>
    private static OnnxValue Weights(OnnxValue from, OnnxValue to, long side, OnnxValue pixels)
    {
        OnnxGraphBuilder builder = from.Builder;
        float padded = side + MaskPaster.Border, growth = padded / side;
        OnnxValue half = (to - from) * 0.5f * growth, center = (to + from) * 0.5f;                              // [D, 1]
        OnnxValue start = Whole(center - half), end = Whole(center + half);
        OnnxValue length = builder.Op("Max", end - start + 1f, builder.Const(1f));
        OnnxValue place = builder.Range(pixels).Cast(DataType.Float).Unsqueeze(0) - start + 0.5f;               // [D, pixels]
        place = padded / length * place - 0.5f;
        OnnxValue values = (builder.Range(builder.Const([side])).Cast(DataType.Float) + MaskPaster.Border / 2f).Reshape(1, -1, 1);
        return builder.Op("Relu", 1f - builder.Op("Abs", place.Unsqueeze(1) - values));
    }

    // Toward zero.
    private static OnnxValue Whole(OnnxValue number) => number.Cast(DataType.Int64).Cast(DataType.Float);
}
