using System.Globalization;
using System.Runtime.InteropServices;

namespace Vision.Training;

/// <summary>The memory of this process and of the machine, on Linux. All figures are in bytes.</summary>
internal static partial class ProcessMemory
{
    private const string Status = "/proc/self/status", Peaks = "/proc/self/clear_refs", Groups = "/sys/fs/cgroup";

    /// <summary>Whether this system says how much memory a process uses, and lets it forget its peak.</summary>
    public static bool IsMeasurable
    {
        get
        {
            try
            {
                if (!OperatingSystem.IsLinux() || !File.Exists(Status)) return false;
                ForgetPeak();
                return Peak > 0;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;              // such as in a sandbox
            }
        }
    }

    /// <summary>What the process has in main memory.</summary>
    public static long Resident => Kilobytes(Status, "VmRSS:") ?? 0;

    /// <summary>The most that it had there since <see cref="ForgetPeak"/>.</summary>
    public static long Peak => Kilobytes(Status, "VmHWM:") ?? 0;

    /// <summary>The peak is what is in use from now on.</summary>
    public static void ForgetPeak() => File.WriteAllText(Peaks, "5");

    /// <summary>What the process can still take without the system ending it or swapping: the machine's free memory, or what is left of the
    /// limit of its control group (a container's), if that is less.</summary>
    public static long Available
    {
        get
        {
            long free = Kilobytes("/proc/meminfo", "MemAvailable:") ?? long.MaxValue;
            foreach (string line in Lines("/proc/self/cgroup"))
            {
                if (line.Split(':', 3) is not [_, var controllers, var path]) continue;
                if (controllers.Length == 0) free = Math.Min(free, LeftIn(Groups, path, "memory.max", "memory.current", "inactive_file"));
                else if (controllers.Split(',').Contains("memory"))
                    free = Math.Min(free, LeftIn($"{Groups}/memory", path, "memory.limit_in_bytes", "memory.usage_in_bytes",
                        "total_inactive_file"));
            }
            return free;
        }
    }

    /// <summary>Gives back to the system what is kept for later use, so that peaks can be compared.</summary>
    public static void GiveBack()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Trim();
    }

    /// <summary>Gives back what the C library keeps for later use.</summary>
    public static void Trim()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = malloc_trim(0);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library, which has no such function: peaks differ somewhat more.
        }
    }

    /// <summary>What the tightest limit of a control group and its parents leaves. The cache of files is given back when it is
    /// needed.</summary>
    private static long LeftIn(string root, string path, string limit, string usage, string cache)
    {
        long least = long.MaxValue;
        // In a container the root itself may be the group, and the path that of another view.
        for (string group = root + path.TrimEnd('/'); group.Length >= root.Length; group = group[..group.LastIndexOf('/')])
        {
            if (Number(Lines($"{group}/{limit}").FirstOrDefault()) is not { } most) continue;
            if (Number(Lines($"{group}/{usage}").FirstOrDefault()) is not { } used) continue;
            long cached = Lines($"{group}/memory.stat").Select(line => line.Split(' '))
                .Where(words => words[0] == cache).Select(words => Number(words[^1])).FirstOrDefault() ?? 0;
            least = Math.Min(least, Math.Max(0, most - used + cached));
        }
        return least;
    }

    private static long? Kilobytes(string file, string name) =>
        Lines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? Number(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]) * 1024 : null;

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;    // "max" is no limit

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint pad);
}
