using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Vision.Ops.Libtorch;

/// <summary>Why a native library cannot be loaded and what to do, in one line.</summary>
internal static partial class LoadFailure
{
    private const string Rebuild = "Delete it and build the program again.";

    /// <summary>Of a library that did not come with the program.</summary>
    public static string Missing(string name, string file)
    {
        string package = name == "LibTorchSharp"
            ? "TorchSharp-cpu, TorchSharp-cuda-linux or TorchSharp-cuda-windows"
            : "OpenCvSharp4.official.runtime.linux-x64 or its like";
        return $"There is no {file} for {RuntimeInformation.RuntimeIdentifier} in {AppContext.BaseDirectory}. Build the program again, "
            + $"with the package {package}, if that has one for this system.";
    }

    /// <summary>Of a file that ends too early.</summary>
    public static string CutShort(string path, long length, ulong needed) =>
        $"{path} cannot be loaded: it is cut short ({length} bytes; its headers say at least {needed}). {Rebuild}";

    /// <summary>Of a library that the loader refuses.</summary>
    /// <param name="name">The library as calls name it.</param>
    /// <param name="path">Its file.</param>
    /// <param name="message">The runtime's exception, which has the loader's words on the lines after its first, or says it in one.</param>
    public static string Explain(string name, string path, string message)
    {
        string[] lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string reason = string.Join(' ', lines.Length > 1 ? lines[1..] : lines).TrimEnd('.');
        return $"{path} cannot be loaded: {reason}. {Remedy(name, reason)}";
    }

    private static string Remedy(string name, string reason)
    {
        if (reason.Contains("`GLIBCXX_3.4.32' not found"))
            return "This system's libstdc++ is older than the library wants. Build or publish the program again: on this system that mends "
                + "the library, on another one -p:MendLibTorchSharp=true does.";
        if (MissingVersion().Match(reason) is { Success: true } version)
            return $"This system is too old: a newer one, with {version.Groups[1]}, is needed.";
        // By its path a file is there: the loader says so of one for another machine.
        if (MissingFile().Match(reason) is { Success: true } file && !Path.IsPathRooted(file.Groups[1].Value))
            return name == "OpenCvSharpExtern"
                ? "Install what OpenCV needs (Debian, Ubuntu: apt-get install libgtk-3-0 libdrm2 libatomic1)."
                : $"{file.Groups[1]} has to be in the same folder: build the program again, and copy such a folder as a whole.";
        if (reason.Contains("undefined symbol"))
            return "The libraries beside it are not of its version: delete them all and build the program again.";
        return OperatingSystem.IsWindows()
            ? $"{Rebuild} If that does not help, install Microsoft's Visual C++ Redistributable (x64)."
            : Rebuild;
    }

    [GeneratedRegex(@"version `(\S+)' not found")]
    private static partial Regex MissingVersion();

    [GeneratedRegex(@"^(\S+): cannot open shared object file")]
    private static partial Regex MissingFile();
}
