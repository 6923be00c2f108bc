using static TorchSharp.torch;

namespace Vision.Ops.Convolution;

/// <summary>The memory of the patches of <see cref="WinogradConvolution"/>, shared by the convolutions of a network, of which one runs
/// at a time. It is kept: pages that are touched for the first time cost as much as a transform.</summary>
internal sealed class WinogradMemory : IDisposable
{
    private Tensor? patches;

    /// <summary>Memory for transformed patches, so many numbers; not initialized.</summary>
    public Tensor Patches(long size)
    {
        if (patches is null || patches.shape[0] < size)
        {
            patches?.Dispose();
            patches = HostMemory.Lasting(() => empty(size)).DetachFromDisposeScope();
        }
        return patches.narrow(0, 0, size);
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => patches?.Dispose();
}
