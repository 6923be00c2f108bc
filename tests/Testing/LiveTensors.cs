using Xunit;
using static TorchSharp.torch;

namespace Vision.Testing;

/// <summary>Leak checks: tensors are to be freed by their scopes, never only by the garbage collector.</summary>
public static class LiveTensors
{
    /// <summary>Asserts that <paramref name="action"/> leaves no tensor behind. It is run once before, so that caches may fill.</summary>
    public static void Unchanged(Action action)
    {
        action();
        // What earlier tests left to the collector must not die in between and hide a leak.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = Tensor.TotalCount;
        action();
        long after = Tensor.TotalCount;
        Assert.True(after == before, $"{after - before} tensors more are alive than before.");
    }
}
