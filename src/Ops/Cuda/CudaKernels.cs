using System.Diagnostics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Vision.Ops.Cuda;

/// <summary>
/// Whether this process can run the toolkit's CUDA kernels: they need a libtorch with CUDA, NVIDIA's driver, and NVRTC, which libtorch's
/// CUDA packages include.
/// </summary>
internal static class CudaKernels
{
    private static readonly Lazy<(CudaRuntime? Runtime, string WhyNot)> found = new(Find);
    private static int hasSaidWhyNot;

    /// <summary>Whether kernels are available. Determined once.</summary>
    public static bool AreAvailable => Substitute is not null || found.Value.Runtime is not null;

    /// <summary>The runtime that launches kernels.</summary>
    /// <exception cref="InvalidOperationException">They are not available; the message says why.</exception>
    public static CudaRuntime Runtime =>
        Substitute ?? found.Value.Runtime ?? throw new InvalidOperationException($"There are no CUDA kernels: {found.Value.WhyNot}.");

    /// <summary>Replaces the runtime in tests.</summary>
    internal static CudaRuntime? Substitute { get; set; }

    /// <summary>Writes once to the standard error stream why tensor operators are used instead of the kernels.</summary>
    public static void SayWhyNot()
    {
        if (AreAvailable || Interlocked.Exchange(ref hasSaidWhyNot, 1) != 0) return;
        Console.Error.WriteLine(
            $"vision: RoIAlign, NMS and deformable convolution run as tensor operators, not as CUDA kernels: {found.Value.WhyNot}.");
    }

    private static (CudaRuntime? Runtime, string WhyNot) Find()
    {
        if (!NativeLibrary.TryLoad("torch_cuda", typeof(Tensor).Assembly, null, out nint libtorch))
            return (null, "this libtorch has no CUDA");
        if (!NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out nint driver))
            return (null, "there is no NVIDIA driver");
        using Process process = Process.GetCurrentProcess();
        string? folder = process.Modules.Cast<ProcessModule>().Where(module => module.ModuleName.Contains("torch_cuda"))
            .Select(module => Path.GetDirectoryName(module.FileName)).FirstOrDefault();
        if (NvrtcLibrary.Load(folder) is not { } nvrtc)
            return (null, $"NVRTC, NVIDIA's compiler at run time, is neither beside libtorch in {folder} nor installed");
        try
        {
            return (new(new(From(driver)), new(From(nvrtc)), new(From(libtorch)), new(KernelCache.DefaultFolder)), "");
        }
        catch (Exception e) when (e is InvalidOperationException or EntryPointNotFoundException)
        {
            return (null, e.Message.TrimEnd('.'));
        }

        static Func<string, nint> From(nint library) => name => NativeLibrary.GetExport(library, name);
    }
}
