#if SYSTEM_PROVIDER
using TorchSharp;
using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>The project's own kernels of the permutohedral lattice, behind <see cref="GaussianFilter"/>.</summary>
internal sealed class PermutohedralLattice : IDisposable
{
    // Places in the list that the kernels share (PermutohedralLattice.h).
    private const int Weights = 1, Members = 3, Shares = 4;

    private static readonly Op build = new("vision::permutohedral_build");
    private static readonly Op filter = new("vision::permutohedral_filter");

    private readonly Tensor[] tensors;

    /// <inheritdoc cref="GaussianFilter(Tensor, bool)"/>
    public PermutohedralLattice(Tensor features)
    {
        tensors = build.CallList(features);
        foreach (Tensor tensor in tensors) tensor.DetachFromDisposeScope();
    }

    /// <inheritdoc cref="GaussianFilter.Apply"/>
    public Tensor Apply(Tensor values) => filter.Call(values, tensors);

    /// <inheritdoc cref="GaussianFilterPortable.Scale"/>
    public void Scale(Tensor factor)
    {
        tensors[Weights].mul_(factor);
        tensors[Shares].mul_(factor.flatten().index_select(0, tensors[Members]));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in tensors) tensor.Dispose();
    }
}
#endif
