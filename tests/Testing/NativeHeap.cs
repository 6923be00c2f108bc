using System.Runtime.InteropServices;

namespace Vision.Testing;

/// <summary>The memory of C++ objects, on Linux with glibc. The process's resident memory also has .NET's heap, of which the collector
/// keeps tens of megabytes or gives them back as it likes.</summary>
public static class NativeHeap
{
    /// <summary>Bytes that are allocated and not freed.</summary>
    public static long Allocated()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Statistics all = Read();
        return (long)(all.Mapped + all.InUse);
    }

    [DllImport("libc", EntryPoint = "mallinfo2")]
    private static extern Statistics Read();

    // glibc's struct mallinfo2
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Statistics
    {
        private readonly nuint arena, freeBlocks, fastBlocks, mappings;
        public readonly nuint Mapped;
        private readonly nuint unused, fastBytes;
        public readonly nuint InUse;
        private readonly nuint free, top;
    }
}
