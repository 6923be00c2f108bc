using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>YOLOX's boxes: the center's shift from the cell's upper left corner, and the logarithms of
/// width and height, all in units of the cell's side.</summary>
internal static class YoloXCoder
{
    /// <summary>The largest log size that is decoded, so that an untrained network does not overflow.</summary>
    internal const double MaxLogSize = 8;

    /// <summary>The boxes, […, 4] xyxy in pixels.</summary>
    /// <param name="coded">[…, 4].</param>
    /// <param name="cells">[…, 3], from <see cref="CellGrid"/>, broadcastable.</param>
    public static Tensor Decode(Tensor coded, Tensor cells)
    {
        using var scope = NewDisposeScope();
        Tensor[] t = coded.unbind(-1), cell = cells.unbind(-1);
        Tensor x = t[0] * cell[2] + cell[0], y = t[1] * cell[2] + cell[1];
        Tensor halfWidth = 0.5 * t[2].clamp_max(MaxLogSize).exp() * cell[2], halfHeight = 0.5 * t[3].clamp_max(MaxLogSize).exp() * cell[2];
        return stack([x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight], -1).MoveToOuterDisposeScope();
    }
}
