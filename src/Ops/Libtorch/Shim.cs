using System.Runtime.InteropServices;
using TorchSharp;

namespace Vision.Ops.Libtorch;

/// <summary>
/// libtorch's own C functions, by their names in <c>torch/csrc/inductor/aoti_torch/c/shim.h</c> and <c>torch/csrc/stable/c/shim.h</c>.
/// A tensor handle is an <c>at::Tensor*</c>, as <c>Tensor.Handle</c> is. Each function that returns an int returns 0 or has failed.
/// </summary>
internal static unsafe partial class Shim
{
    private const string Library = "torch_cpu";

    // TorchSharp loads libtorch, from wherever the packages have put it.
    static Shim() => torch.InitializeDeviceType(DeviceType.CPU);

    [LibraryImport(Library)] public static partial int torch_get_mutable_data_ptr(nint tensor, out nint data);
    [LibraryImport(Library)] public static partial int torch_parallel_for(long begin, long end, long grain, delegate* unmanaged<long, long, void*, void> body, void* context);

    /// <summary>Throws where a function has failed.</summary>
    /// <exception cref="InvalidOperationException">It has. libtorch has said why on the standard error stream.</exception>
    public static void Check(int status, string what)
    {
        if (status != 0) throw new InvalidOperationException($"libtorch failed: {what}");
    }
}
