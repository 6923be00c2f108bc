using System.Runtime.InteropServices;
using TorchSharp;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>The software and the machine of a run. On another one, the same options may give slightly different weights.</summary>
public sealed record RunMachine
{
    /// <summary>The toolkit's version.</summary>
    public required string Vision { get; init; }

    /// <summary>TorchSharp's version.</summary>
    public required string TorchSharp { get; init; }

    /// <summary>libtorch's version.</summary>
    public required string Libtorch { get; init; }

    /// <summary>The operating system.</summary>
    public required string System { get; init; }

    /// <summary>The processor.</summary>
    public required string Processor { get; init; }

    /// <summary>The threads that operators use. Their number changes the order of sums, and so the last digits.</summary>
    public required int Threads { get; init; }

    /// <summary>The memory that the process may use, in GiB.</summary>
    public required double MemoryGib { get; init; }

    /// <summary>This machine, now.</summary>
    public static RunMachine Current() => new()
    {
        Vision = VersionOf(typeof(RunMachine)),
        TorchSharp = VersionOf(typeof(torch)),
        Libtorch = Runtime.LibtorchVersion.ToString(),
        System = RuntimeInformation.OSDescription.Trim(),
        Processor = ProcessorName(),
        Threads = get_num_threads(),
        MemoryGib = Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30), 1),
    };

    /// <summary>What differs from another machine such that weights may differ, in words; empty for nothing.</summary>
    /// <param name="before">The other machine.</param>
    public IReadOnlyList<string> DifferencesFrom(RunMachine before)
    {
        List<string> found = [];
        Compare("Vision", before.Vision, Vision);
        Compare("TorchSharp", before.TorchSharp, TorchSharp);
        Compare("libtorch", before.Libtorch, Libtorch);
        Compare("the processor", before.Processor, Processor);
        Compare("the number of threads", $"{before.Threads}", $"{Threads}");
        return found;

        void Compare(string what, string old, string current)
        {
            if (old != current) found.Add($"{what} was {old} and is {current}");
        }
    }

    private static string VersionOf(Type type) => type.Assembly.GetName().Version!.ToString(3);

    private static string ProcessorName()
    {
        const string file = "/proc/cpuinfo", key = "model name";
        string? line = File.Exists(file)
            ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':') + 1)..].Trim() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
