namespace Vision.Ops.Cuda;

/// <summary>How many threads a kernel gets.</summary>
/// <param name="Columns">Of blocks.</param>
/// <param name="Rows">Of blocks, at most 65535.</param>
/// <param name="BlockSize">Threads in a block, at most 1024.</param>
internal readonly record struct Grid(uint Columns, uint Rows, uint BlockSize)
{
    /// <summary>Of a loop over many elements: threads in a block, and the most blocks; each thread then takes several steps.</summary>
    public const int Threads = 256, MostBlocks = 65535;

    /// <summary>For a kernel that goes through <paramref name="count"/> elements by <c>FOR_EACH</c>.</summary>
    public static Grid Over(long count) => new((uint)Math.Min((count + Threads - 1) / Threads, MostBlocks), 1, Threads);
}
