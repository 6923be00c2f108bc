using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops.Tests.Libtorch;

public partial class ScalarLifetimeTests
{
    private static readonly PropertyInfo handle = typeof(Scalar).GetProperty("Handle", BindingFlags.NonPublic | BindingFlags.Instance)!;

    public ScalarLifetimeTests()
    {
        Runtime.EnsureLoaded();
        Skip.IfNot(Tracer.IsSupported);
    }

    [SkippableFact]
    public void TheKnownBuildIsMended() => Assert.True(ScalarLifetime.IsExtended);

    [SkippableFact]
    public void AFreedNumberIsStillThere()
    {
        Scalar scalar = 0.625.ToScalar();
        nint freed = (nint)handle.GetValue(scalar)!;
        scalar.Dispose();
        for (int i = 0; i < 10_000; i++) ((double)i).ToScalar().Dispose();              // would take its place
        Assert.Equal(0.625, THSTorch_scalar_to_float64(freed));
    }

    [SkippableFact]
    public void NumbersAreRightWhileOthersCollect()
    {
        using CancellationTokenSource stop = new();
        Thread[] collectors = [.. Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            while (!stop.IsCancellationRequested) GC.Collect(0);
        }))];
        foreach (Thread thread in collectors) thread.Start();
        using Tensor sum = zeros(1, float64);
        for (int i = 0; i < 20_000; i++) sum.add_(i);
        stop.Cancel();
        foreach (Thread thread in collectors) thread.Join();
        Assert.Equal(20_000L * 19_999 / 2, sum.item<double>());
    }

    [SkippableFact]
    public void MemoryIsBounded()
    {
        long bytes = Memory.Growth(1_000_000, () => 1.5.ToScalar().Dispose());
        Assert.True(bytes < 16 << 20, $"{bytes >> 10} kB");                              // 48 MB if none were freed
    }

    [LibraryImport("LibTorchSharp")]
    private static partial double THSTorch_scalar_to_float64(nint scalar);
}
