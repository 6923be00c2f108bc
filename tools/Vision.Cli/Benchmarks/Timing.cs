using System.Diagnostics;

namespace Vision.Cli.Benchmarks;

/// <summary>The duration of repeated work.</summary>
/// <param name="Median">In milliseconds.</param>
/// <param name="Minimum">In milliseconds.</param>
internal readonly record struct Timing(double Median, double Minimum)
{
    private const int LeastWarmUp = 2;

    // .NET recompiles hot code on a thread that would take a core from the work.
    private static readonly TimeSpan warmUp = TimeSpan.FromSeconds(2);

    /// <summary>Times the work after untimed warmup rounds.</summary>
    public static Timing Of(Action work, int iterations)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < LeastWarmUp || Stopwatch.GetElapsedTime(begin) < warmUp; i++) work();
        double[] times = new double[iterations];
        for (int i = 0; i < iterations; i++)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        Array.Sort(times);
        return new((times[(iterations - 1) / 2] + times[iterations / 2]) / 2, times[0]);
    }
}
