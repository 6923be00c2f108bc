using System.Runtime.InteropServices;

namespace Vision.Ops.Cuda;

/// <summary>Where NVRTC's library is.</summary>
internal static class NvrtcLibrary
{
    private static readonly string[] installed =
        OperatingSystem.IsWindows() ? ["nvrtc64_120_0.dll", "nvrtc64_130_0.dll"] : ["libnvrtc.so.12", "libnvrtc.so.13", "libnvrtc.so.11.2"];

    /// <summary>Loads it from beside libtorch, or from where the system looks, or gives null.</summary>
    /// <param name="folder">Where libtorch is, if that is known.</param>
    public static nint? Load(string? folder)
    {
        string[] beside = folder is null ? [] : Directory.GetFiles(folder);
        // It looks for this part of itself under a name that libtorch's packages do not give it. Once loaded, it is found.
        foreach (string builtins in beside.Where(IsBuiltins)) NativeLibrary.TryLoad(builtins, out _);
        foreach (string candidate in (string[])[.. beside.Where(IsCompiler).Order(), .. installed])
        {
            if (NativeLibrary.TryLoad(candidate, out nint library)) return library;
        }
        return null;
    }

    /// <summary>Such as libnvrtc.so.12, libnvrtc-b51b459d.so.12 and nvrtc64_120_0.dll, and not the variant that is marked "alt".</summary>
    internal static bool IsCompiler(string path)
    {
        string name = Path.GetFileName(path);
        bool isNvrtc = name.StartsWith("libnvrtc", StringComparison.Ordinal) || name.StartsWith("nvrtc64", StringComparison.Ordinal);
        return isNvrtc && !name.Contains("builtins") && !name.Contains(".alt.");
    }

    /// <summary>Such as libnvrtc-builtins.so and nvrtc-builtins64_128.dll.</summary>
    internal static bool IsBuiltins(string path) => Path.GetFileName(path).Contains("nvrtc-builtins");
}
