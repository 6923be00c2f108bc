using Vision.Ops.Cuda;
using static TorchSharp.torch;

namespace Vision.Ops.Tests.Cuda;

/// <summary>
/// What runs the kernels in a test: a GPU where this machine has one, or else the CPU by emulation, or else the test skips.
/// </summary>
internal sealed class KernelHost : IDisposable
{
    private readonly FakeCuda? fake;

    public KernelHost(KernelEmulator emulator)
    {
        if (cuda.is_available() && CudaKernels.AreAvailable)
        {
            Device = CUDA;
            return;
        }
        Skip.IfNot(KernelEmulator.IsAvailable, "The CUDA kernels run on a GPU, or by emulation on Linux with g++; there is neither.");
        fake = new(emulator);
    }

    public Device Device { get; } = CPU;

    public void Dispose() => fake?.Dispose();
}
