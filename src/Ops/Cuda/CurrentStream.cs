using Vision.Ops.Libtorch;

namespace Vision.Ops.Cuda;

/// <summary>The stream on which libtorch launches its kernels, so that the toolkit's are ordered with them.</summary>
internal sealed unsafe class CurrentStream
{
    private readonly delegate* unmanaged<int, nint*, int> get;

    /// <param name="export">Returns the address of a function of libtorch's CUDA library.</param>
    public CurrentStream(Func<string, nint> export) =>
        get = (delegate* unmanaged<int, nint*, int>)export("aoti_torch_get_current_cuda_stream");

    /// <summary>This thread's stream, a <c>CUstream</c>.</summary>
    /// <param name="device">The index of the GPU.</param>
    public nint On(int device)
    {
        nint stream;
        Shim.Check(get(device, &stream), "the current CUDA stream");
        return stream;
    }
}
