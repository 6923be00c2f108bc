namespace Vision.Ops.DeformableConvolution;

/// <summary>A bilinear sample: the four pixels around it, and where it lies between them.</summary>
/// <param name="top">The row above it; −1 or the height for one outside.</param>
/// <param name="left">The column left of it, likewise.</param>
/// <param name="height">Rows of the image.</param>
/// <param name="width">Columns of the image.</param>
/// <param name="down">How far below the row above it is, in [0, 1).</param>
/// <param name="right">How far right of the column left of it, in [0, 1).</param>
/// <param name="factor">What the value is multiplied by.</param>
internal readonly struct Sample<T>(int top, int left, int height, int width, T down, T right, T factor) where T : unmanaged
{
    /// <summary>The pixel above and left as row · W + column, −1 where it is outside the image.</summary>
    public readonly int TopLeft = Pixel(top, left, height, width);

    /// <summary>The pixel above and right.</summary>
    public readonly int TopRight = Pixel(top, left + 1, height, width);

    /// <summary>The pixel below and left.</summary>
    public readonly int BottomLeft = Pixel(top + 1, left, height, width);

    /// <summary>The pixel below and right.</summary>
    public readonly int BottomRight = Pixel(top + 1, left + 1, height, width);

    /// <summary>How far below the upper pixels it is.</summary>
    public readonly T Down = down;

    /// <summary>How far right of the left pixels it is.</summary>
    public readonly T Right = right;

    /// <summary>What the value is multiplied by.</summary>
    public readonly T Factor = factor;

    private static int Pixel(int row, int column, int height, int width) =>
        (uint)row < (uint)height && (uint)column < (uint)width ? row * width + column : -1;
}
