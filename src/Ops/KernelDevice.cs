using TorchSharp;
using Vision.Ops.Cuda;
using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>Where the project has kernels of its own. Elsewhere tensor operators do their work.</summary>
internal static class KernelDevice
{
    /// <summary>Whether there is a kernel for a tensor's device. Where one for CUDA can't run
    /// on this machine, the user is told so, once.</summary>
    public static bool Has(Tensor tensor)
    {
        if (tensor.device_type == DeviceType.CPU) return true;
        if (tensor.device_type != DeviceType.CUDA) return false;
        CudaKernels.SayWhyNot();
        return CudaKernels.AreAvailable;
    }
}
