namespace Vision.Ops.DeformableConvolution;

/// <summary>A bilinear sample: the four pixels around it, and its position between them.</summary>
/// <param name="top">The row above it; −1 or the height if outside.</param>
/// <param name="left">The column left of it, likewise.</param>
/// <param name="height">Rows of the image.</param>
/// <param name="width">Columns of the image.</param>
/// <param name="down">The distance from the row above, in [0, 1).</param>
/// <param name="right">The distance from the column on the left, in [0, 1).</param>
/// <param name="factor">The factor of the value.</param>
internal readonly struct Sample<T>(int top, int left, int height, int width, T down, T right, T factor) where T : unmanaged
{
    /// <summary>The pixel above and left as row · W + column; −1 if it is outside the image.</summary>
    public readonly int TopLeft = Pixel(top, left, height, width);

    /// <summary>The pixel above and right.</summary>
    public readonly int TopRight = Pixel(top, left + 1, height, width);

    /// <summary>The pixel below and left.</summary>
    public readonly int BottomLeft = Pixel(top + 1, left, height, width);

    /// <summary>The pixel below and right.</summary>
    public readonly int BottomRight = Pixel(top + 1, left + 1, height, width);

    /// <summary>The distance from the upper pixels.</summary>
    public readonly T Down = down;

    /// <summary>The distance from the left pixels.</summary>
    public readonly T Right = right;

    /// <summary>The factor of the value.</summary>
    public readonly T Factor = factor;

    private static int Pixel(int row, int column, int height, int width) =>
        (uint)row < (uint)height && (uint)column < (uint)width ? row * width + column : -1;
}
