using TorchSharp;
using Vision.Ops.Cuda;
using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>The devices for which the toolkit has kernels. Other devices use tensor operators.</summary>
internal static class KernelDevice
{
    /// <summary>Whether there is a kernel for a tensor's device. If the CUDA kernels cannot run
    /// on this machine, the reason is printed once.</summary>
    public static bool Has(Tensor tensor)
    {
        if (tensor.device_type == DeviceType.CPU) return true;
        if (tensor.device_type != DeviceType.CUDA) return false;
        CudaKernels.SayWhyNot();
        return CudaKernels.AreAvailable;
    }
}
