namespace Vision.Ops.Convolution;

/// <summary>The tiles of 4×4 results that cover a batch of images. With a dilation of d they lie in the d·d sub-images of every dth row and
/// column, in each of which the kernel is not dilated.</summary>
internal readonly struct WinogradGrid
{
    private readonly long rows, columns, dilation;

    /// <summary>The tiles of images of one size.</summary>
    public WinogradGrid(long images, long height, long width, long dilation)
    {
        this.dilation = dilation;
        rows = Tiles(height);
        columns = Tiles(width);
        Count = images * dilation * dilation * rows * columns;

        long Tiles(long side) => ((side + dilation - 1) / dilation + WinogradTransforms.Tile - 1) / WinogradTransforms.Tile;
    }

    /// <summary>Number of tiles.</summary>
    public long Count { get; }

    /// <summary>The image of a tile, and the row and column of its first result, which may lie outside of the image.</summary>
    public (long Image, int Y, int X) this[long index]
    {
        get
        {
            (index, long column) = Math.DivRem(index, columns);
            (index, long row) = Math.DivRem(index, rows);
            (index, long x) = Math.DivRem(index, dilation);
            (long image, long y) = Math.DivRem(index, dilation);
            long step = WinogradTransforms.Tile * dilation;
            return (image, (int)(y + row * step), (int)(x + column * step));
        }
    }
}
