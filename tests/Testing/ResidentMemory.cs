using System.Runtime.InteropServices;

namespace Vision.Testing;

/// <summary>The memory that this process uses.</summary>
public static class ResidentMemory
{
    /// <summary>In bytes. What the allocator keeps for later, which differs by hundreds of
    /// megabytes from run to run, is given back first.</summary>
    public static long InUse()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        if (OperatingSystem.IsLinux()) TrimHeap(0);
        return Environment.WorkingSet;
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    private static extern int TrimHeap(nint pad);
}
