using static TorchSharp.torch;

namespace Vision.Ops.Convolution;

/// <summary>The memory between the steps of <see cref="WinogradConvolution"/>, shared by the convolutions of a network, of which one runs
/// at a time. It is kept: pages that are touched for the first time cost as much as a transform.</summary>
internal sealed class WinogradMemory : IDisposable
{
    private Tensor? patches, products;

    /// <summary>Transformed tiles, of at least so many numbers; not initialized.</summary>
    public Tensor Patches(long size) => Reserve(ref patches, size);

    /// <summary>Their products with the weights, likewise.</summary>
    public Tensor Products(long size) => Reserve(ref products, size);

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        patches?.Dispose();
        products?.Dispose();
    }

    private static Tensor Reserve(ref Tensor? memory, long size)
    {
        if (memory is not null && memory.shape[0] >= size) return memory;
        memory?.Dispose();
        return memory = empty(size).DetachFromDisposeScope();
    }
}
