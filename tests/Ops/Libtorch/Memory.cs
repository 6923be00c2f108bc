using System.Diagnostics;
using static TorchSharp.torch;

namespace Vision.Ops.Tests.Libtorch;

/// <summary>What calls leave behind, by the memory of the process: handles that libtorch
/// keeps are no tensors that TorchSharp counts.</summary>
internal static class Memory
{
    /// <summary>By how many bytes the process has grown after these calls, each in a dispose scope of its own,
    /// once a thousand have filled the allocator's pools.</summary>
    public static long Growth(int calls, Action action)
    {
        Repeat(1000);
        long before = Resident();
        Repeat(calls);
        return Math.Max(0, Resident() - before);

        void Repeat(int times)
        {
            for (int i = 0; i < times; i++)
            {
                using var scope = NewDisposeScope();
                action();
            }
        }
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using Process self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}
