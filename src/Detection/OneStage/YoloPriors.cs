using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// YOLOv3's nine priors (Redmon &amp; Farhadi 2018, arXiv:1804.02767, section 2.3), three on each level, and the decoding of boxes
/// relative to them: bₓ = σ(tₓ) + cₓ, b_w = p_w·exp(t_w), and likewise for y and height.
/// </summary>
internal static class YoloPriors
{
    /// <summary>Number of priors per cell.</summary>
    public const int PerCell = 3;

    /// <summary>Side of the square that the priors were clustered for.</summary>
    private const float PublishedSide = 416;

    private static readonly float[] published = [10, 13, 16, 30, 33, 23, 30, 61, 62, 45, 59, 119, 116, 90, 156, 198, 373, 326];

    /// <summary>Widths and heights, [9, 2], finest level first, scaled to images of the given side.</summary>
    public static Tensor For(int side, Device device) =>
        tensor([.. published.Select(value => value * side / PublishedSide)]).reshape(-1, 2).to(device);

    /// <summary>The cell and prior of each row, [A, 5]: left and upper edge and side of the cell, width and height of
    /// the prior; the three priors of a cell are consecutive.</summary>
    /// <param name="cells">[cells, 3].</param>
    /// <param name="perLevel">The number of cells of each level.</param>
    /// <param name="priors">[9, 2].</param>
    public static Tensor Rows(Tensor cells, long[] perLevel, Tensor priors)
    {
        using var scope = NewDisposeScope();
        var sizes = perLevel.Select((count, level) => priors.narrow(0, level * PerCell, PerCell).repeat(count, 1));
        return cat([cells.repeat_interleave(PerCell, 0), cat([.. sizes])], 1).MoveToOuterDisposeScope();
    }

    /// <summary>The boxes, […, 4] xyxy in pixels, decoded from (tₓ, t_y, t_w, t_h).</summary>
    /// <param name="coded">[…, 4].</param>
    /// <param name="rows">[…, 5], broadcastable.</param>
    public static Tensor Decode(Tensor coded, Tensor rows)
    {
        using var scope = NewDisposeScope();
        Tensor[] t = coded.unbind(-1), row = rows.unbind(-1);
        Tensor x = t[0].sigmoid() * row[2] + row[0], y = t[1].sigmoid() * row[2] + row[1];
        Tensor halfWidth = 0.5 * t[2].clamp_max(BoxCoder.MaxLogScale).exp() * row[3];
        Tensor halfHeight = 0.5 * t[3].clamp_max(BoxCoder.MaxLogScale).exp() * row[4];
        return stack([x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight], -1).MoveToOuterDisposeScope();
    }
}
