namespace Vision.Ops.Cuda;

/// <summary>The launch configuration of a kernel.</summary>
/// <param name="Columns">Columns of blocks.</param>
/// <param name="Rows">Rows of blocks, at most 65535.</param>
/// <param name="BlockSize">Threads per block, at most 1024.</param>
internal readonly record struct Grid(uint Columns, uint Rows, uint BlockSize)
{
    /// <summary>For a loop over many elements: threads per block, and the maximum number of blocks; a thread takes several steps.</summary>
    public const int Threads = 256, MostBlocks = 65535;

    /// <summary>The grid of a kernel that loops over <paramref name="count"/> elements with <c>FOR_EACH</c>.</summary>
    public static Grid Over(long count) => new((uint)Math.Min((count + Threads - 1) / Threads, MostBlocks), 1, Threads);
}
