using System.Runtime.InteropServices;

namespace Vision.Ops.Cuda;

/// <summary>Finds NVRTC's library.</summary>
internal static class NvrtcLibrary
{
    private static readonly string[] installed =
        OperatingSystem.IsWindows() ? ["nvrtc64_120_0.dll", "nvrtc64_130_0.dll"] : ["libnvrtc.so.12", "libnvrtc.so.13", "libnvrtc.so.11.2"];

    /// <summary>Loads it from libtorch's folder or the system's search path; null if it is not found.</summary>
    /// <param name="folder">The folder of libtorch, if known.</param>
    public static nint? Load(string? folder)
    {
        string[] beside = folder is null ? [] : Directory.GetFiles(folder);
        // NVRTC looks for its builtins under a name that they do not have in libtorch's packages. Once loaded, they are found.
        foreach (string builtins in beside.Where(IsBuiltins)) NativeLibrary.TryLoad(builtins, out _);
        foreach (string candidate in (string[])[.. beside.Where(IsCompiler).Order(), .. installed])
        {
            if (NativeLibrary.TryLoad(candidate, out nint library)) return library;
        }
        return null;
    }

    /// <summary>True for libnvrtc.so.12, libnvrtc-b51b459d.so.12, nvrtc64_120_0.dll and so on, but not for the "alt" variant.</summary>
    internal static bool IsCompiler(string path)
    {
        string name = Path.GetFileName(path);
        bool isNvrtc = name.StartsWith("libnvrtc", StringComparison.Ordinal) || name.StartsWith("nvrtc64", StringComparison.Ordinal);
        return isNvrtc && !name.Contains("builtins") && !name.Contains(".alt.");
    }

    /// <summary>True for libnvrtc-builtins.so, nvrtc-builtins64_128.dll and so on.</summary>
    internal static bool IsBuiltins(string path) => Path.GetFileName(path).Contains("nvrtc-builtins");
}
