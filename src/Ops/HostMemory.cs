using System.Runtime.InteropServices;

namespace Vision.Ops;

/// <summary>The memory of tensors on the CPU.</summary>
internal static partial class HostMemory
{
    // glibc's malloc.h
    private const int TrimThreshold = -1, MmapMax = -4, ArenaMax = -8;

    private static readonly Lazy<bool> kept = new(Apply);

    /// <summary>
    /// From now on, the process keeps the memory that tensors leave for the next ones. glibc gives large blocks back to the system at once
    /// and takes new ones, whose pages the system must clear first: in a network's prediction that takes a tenth of the time. Elsewhere
    /// than on glibc nothing changes.
    /// </summary>
    public static void Keep() => _ = kept.Value;

    private static bool Apply()
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            // No block is a mapping of its own; all threads take from one heap, which does not shrink.
            return mallopt(MmapMax, 0) != 0 & mallopt(TrimThreshold, int.MaxValue) != 0 & mallopt(ArenaMax, 1) != 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;                                  // another C library
        }
    }

    [LibraryImport("libc.so.6")]
    private static partial int mallopt(int parameter, int value);
}
