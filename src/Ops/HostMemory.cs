using System.Runtime.InteropServices;

namespace Vision.Ops;

/// <summary>The memory of tensors on the CPU.</summary>
internal static partial class HostMemory
{
    // glibc's malloc.h
    private const int TrimThreshold = -1, MmapThreshold = -3, MmapMax = -4, ArenaMax = -8;

    // glibc's default of the largest number of mappings, and a size from which blocks are mappings where they may be.
    private const int UsualMappings = 65536, LargeBlock = 1 << 20;

    private static readonly Lazy<bool> kept = new(Apply);

    /// <summary>
    /// From now on, the process keeps the memory that tensors leave for the next ones. glibc gives large blocks back to the system at once
    /// and takes new ones, whose pages the system must clear first: in a network's prediction that takes a tenth of the time. Elsewhere
    /// than on glibc nothing changes.
    /// </summary>
    public static void Keep() => _ = kept.Value;

    /// <summary>Gives the memory that is kept and not in use back to the system, once: for when what follows needs less.</summary>
    public static void Trim()
    {
        if (kept.IsValueCreated && kept.Value) _ = malloc_trim(0);
    }

    /// <summary>Makes something of which large blocks last, such as packed weights: they are mappings, where the memory that is kept has
    /// no room for them. What is needed only meanwhile is then given back.</summary>
    public static T Lasting<T>(Func<T> make)
    {
        if (!kept.IsValueCreated || !kept.Value) return make();
        _ = mallopt(MmapMax, UsualMappings);
        try
        {
            return make();
        }
        finally
        {
            _ = mallopt(MmapMax, 0);
        }
    }

    private static bool Apply()
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            // No block is a mapping of its own; all threads take from one heap, which does not shrink.
            return mallopt(MmapMax, 0) != 0 & mallopt(MmapThreshold, LargeBlock) != 0 & mallopt(TrimThreshold, int.MaxValue) != 0
                & mallopt(ArenaMax, 1) != 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;                                  // another C library
        }
    }

    [LibraryImport("libc.so.6")]
    private static partial int mallopt(int parameter, int value);

    [LibraryImport("libc.so.6")]
    private static partial int malloc_trim(nuint pad);
}
