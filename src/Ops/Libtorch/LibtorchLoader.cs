using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Vision.Ops.Libtorch;

/// <summary>
/// Loads libtorch. TorchSharp would do so on first use, but if that fails, it copies the libraries of the package cache
/// into the program's folder, prints a long text, and throws from a type initializer.
/// </summary>
internal static class LibtorchLoader
{
    private static readonly Lock loading = new();
    private static volatile bool isLoaded;

    /// <summary>Loads libtorch if it is not loaded yet.</summary>
    /// <exception cref="NativeLibraryException">Libtorch cannot be loaded.</exception>
    public static void Load()
    {
        if (isLoaded) return;
        lock (loading)
        {
            if (isLoaded) return;
            Assembly torchSharp = typeof(torch).Assembly;
            if (!IsInPackageCache(torchSharp))
            {
                foreach (string name in (string[])["c10", "c10_cuda", "torch_cpu", "torch_cuda", "torch"])
                    if (NativeLibraries.Find(name) is { } path) NativeFile.CheckWhole(path);
                NativeLibrary.TryLoad("torch_cuda", torchSharp, null, out _);       // first, as TorchSharp does; only some packages have it
                NativeLibraries.Load("LibTorchSharp", torchSharp);
            }
            torch.InitializeDeviceType(DeviceType.CPU);
            if (NativeLibrary.TryLoad("LibTorchSharp", torchSharp, null, out nint library)) ScalarLifetime.Extend(library);
            isLoaded = true;
        }
    }

    // As in a notebook, for which TorchSharp collects its libraries from the packages.
    private static bool IsInPackageCache(Assembly torchSharp) =>
        torchSharp.Location is { Length: > 0 } location && !File.Exists(Path.Combine(AppContext.BaseDirectory, Path.GetFileName(location)));
}
