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

    /// <summary>Distance between the pixels of a tile.</summary>
    public int Dilation => (int)dilation;

    /// <summary>Parts of nearly the same size that cover all tiles, by their first tile and their number of tiles.</summary>
    /// <param name="most">The largest number of tiles.</param>
    public IEnumerable<(long First, long Count)> Blocks(long most)
    {
        long blocks = (Count + most - 1) / most, count = Count;
        for (long block = 0; block < blocks; block++)
        {
            long first = count * block / blocks;
            yield return (first, count * (block + 1) / blocks - first);
        }
    }

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
