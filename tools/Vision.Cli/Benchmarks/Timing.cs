using System.Diagnostics;

namespace Vision.Cli.Benchmarks;

/// <summary>How long one piece of work takes when repeated.</summary>
/// <param name="Median">In milliseconds.</param>
/// <param name="Minimum">In milliseconds.</param>
internal readonly record struct Timing(double Median, double Minimum)
{
    private const int WarmUp = 2;

    /// <summary>Times the work, after two untimed rounds that fill caches and compile.</summary>
    public static Timing Of(Action work, int iterations)
    {
        for (int i = 0; i < WarmUp; i++) work();
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
