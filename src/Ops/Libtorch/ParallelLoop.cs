using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Vision.Ops.Libtorch;

/// <summary>Loops on libtorch's threads: additional .NET threads would compete for the same
/// cores, on which libtorch's threads wait for work by spinning.</summary>
internal static unsafe class ParallelLoop
{
    /// <summary>Calls <paramref name="body"/> for parts of [0, count) that cover it, on as many threads as libtorch uses.</summary>
    /// <param name="count">The total number of steps.</param>
    /// <param name="grain">The minimum number of steps per thread.</param>
    /// <param name="body">Called with the first step and the step after the last. It must not touch TorchSharp's dispose scopes.</param>
    /// <exception cref="Exception">The exception of the body, from any thread, after all threads have finished.</exception>
    public static void For(long count, long grain, Action<long, long> body)
    {
        Job job = new(body);
        if (count > 0) Shim.Check(Shim.torch_parallel_for(0, count, grain, &Run, Unsafe.AsPointer(ref job)), "a parallel loop");
        job.Failure?.Throw();
    }

    // Lives on the stack of the caller, who waits.
    private struct Job(Action<long, long> body)
    {
        public readonly Action<long, long> Body = body;
        public ExceptionDispatchInfo? Failure;
    }

    [UnmanagedCallersOnly]
    private static void Run(long begin, long end, void* context)
    {
        ref Job job = ref Unsafe.AsRef<Job>(context);
        try
        {
            job.Body(begin, end);
        }
        catch (Exception caught)
        {
            job.Failure = ExceptionDispatchInfo.Capture(caught);
        }
    }
}
