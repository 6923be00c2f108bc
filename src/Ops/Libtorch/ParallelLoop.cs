using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Vision.Ops.Libtorch;

/// <summary>Loops on libtorch's own threads: threads of .NET's beside them would compete for the same
/// cores, on which libtorch's wait for work by spinning.</summary>
internal static unsafe class ParallelLoop
{
    /// <summary>Calls <paramref name="body"/> for parts of [0, count) that cover it, on as many threads as libtorch uses.</summary>
    /// <param name="count">Steps in all.</param>
    /// <param name="grain">The fewest steps that are worth a thread.</param>
    /// <param name="body">Called with the first step and the one after the last. It must not touch TorchSharp's dispose scopes.</param>
    /// <exception cref="Exception">What the body threw, from any thread, after all threads have ended.</exception>
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
