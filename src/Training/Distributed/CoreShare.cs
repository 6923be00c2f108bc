using System.Diagnostics;
using System.Numerics;
using TorchSharp;

namespace Vision.Training;

/// <summary>The cores of a process among others on its machine.</summary>
internal static class CoreShare
{
    /// <summary>Limits libtorch to this process's share of the cores: by itself, every process would use all.</summary>
    public static void Apply(ProcessGroup group) => torch.set_num_threads(Count(group));

    /// <summary>The number of cores: all that the launcher bound this process to, but no more than its share of the machine's.</summary>
    public static int Count(ProcessGroup group)
    {
        if (group.Size == 1) return Environment.ProcessorCount;
        int allowed = Allowed(), usable = Environment.ProcessorCount;
        // A container's limit counts for all processes in it; what a launcher binds a process to, for that alone.
        int total = usable < allowed ? usable : Math.Max(allowed, Online());
        return Math.Max(1, Math.Min(usable, total / group.SizeOnHost));
    }

    private static int Allowed()
    {
        if (!OperatingSystem.IsLinux()) return Environment.ProcessorCount;
        using Process self = Process.GetCurrentProcess();
        return BitOperations.PopCount((ulong)self.ProcessorAffinity);
    }

    private static int Online() => Directory.Exists("/sys/devices/system/cpu")
        ? Directory.EnumerateDirectories("/sys/devices/system/cpu", "cpu*")
            .Count(folder => int.TryParse(Path.GetFileName(folder).AsSpan(3), out _))
        : Environment.ProcessorCount;
}
