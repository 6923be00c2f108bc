using Xunit;
using static TorchSharp.torch;

namespace Vision.Testing;

/// <summary>Leak checks: tensors are to be freed by their scopes, never only by the garbage collector.</summary>
public static class LiveTensors
{
    /// <summary>
    /// The number of live tensors, once those are gone that earlier tests left to the collector: they must not die between two
    /// counts, and hide what is being counted.
    /// </summary>
    public static long Count()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }

    /// <summary>Asserts that <paramref name="action"/> leaves no tensor behind. It is run once before, so that caches may fill.</summary>
    public static void Unchanged(Action action)
    {
        action();
        long before = Count();
        action();
        long after = Tensor.TotalCount;
        Assert.True(after == before, $"{after - before} tensors more are alive than before.");
    }
}
