using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Vision.Ops.Libtorch;

/// <summary>Messages of one line that say why a native library cannot be loaded and what to do.</summary>
internal static partial class LoadFailure
{
    private const string Rebuild = "Delete it and build the program again.";

    /// <summary>For a library that is not part of the program.</summary>
    public static string Missing(string name, string file)
    {
        string package = name switch
        {
            "LibTorchSharp" => "TorchSharp-cpu, TorchSharp-cuda-linux or TorchSharp-cuda-windows",
            "onnxruntime" => "Microsoft.ML.OnnxRuntime, Microsoft.ML.OnnxRuntime.Gpu.Linux or Microsoft.ML.OnnxRuntime.Gpu.Windows",
            _ => "OpenCvSharp4.official.runtime.linux-x64 or its like",
        };
        return $"There is no {file} for {RuntimeInformation.RuntimeIdentifier} in {AppContext.BaseDirectory}. Build the program again, "
            + $"with the package {package}, if that has one for this system.";
    }

    /// <summary>For a truncated file.</summary>
    public static string CutShort(string path, long length, ulong needed) =>
        $"{path} cannot be loaded: it is truncated ({length} bytes; its headers require at least {needed}). {Rebuild}";

    /// <summary>For a library that the loader rejects.</summary>
    /// <param name="name">The name of the library in calls.</param>
    /// <param name="path">Its file.</param>
    /// <param name="message">The runtime's message; the loader's reason follows its first line, or is its only line.</param>
    public static string Explain(string name, string path, string message)
    {
        string[] lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string reason = string.Join(' ', lines.Length > 1 ? lines[1..] : lines).TrimEnd('.');
        return $"{path} cannot be loaded: {reason}. {Remedy(name, reason)}";
    }

    private static string Remedy(string name, string reason)
    {
        if (reason.Contains("`GLIBCXX_3.4.32' not found"))
            return "This system's libstdc++ is older than the library requires. Build or publish the program again: on this system that "
                + "patches the library, on another one -p:MendLibTorchSharp=true does.";
        if (MissingVersion().Match(reason) is { Success: true } version)
            return $"This system is too old: one with {version.Groups[1]} is needed.";
        // A file with a path exists: the loader also reports this for a library of another architecture.
        if (MissingFile().Match(reason) is { Success: true } file && !Path.IsPathRooted(file.Groups[1].Value))
            return name == "OpenCvSharpExtern"
                ? "Install what OpenCV needs (Debian, Ubuntu: apt-get install libgtk-3-0 libdrm2 libatomic1)."
                : $"{file.Groups[1]} has to be in the same folder: build the program again, and copy its folder as a whole.";
        if (reason.Contains("undefined symbol"))
            return "The libraries beside it have another version: delete them all and build the program again.";
        return OperatingSystem.IsWindows()
            ? $"{Rebuild} If that does not help, install Microsoft's Visual C++ Redistributable (x64)."
            : Rebuild;
    }

    [GeneratedRegex(@"version `(\S+)' not found")]
    private static partial Regex MissingVersion();

    [GeneratedRegex(@"^(\S+): cannot open shared object file")]
    private static partial Regex MissingFile();
}
