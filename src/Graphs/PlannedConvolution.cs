using System.Numerics;
using Vision.Ops;
using Vision.Ops.Convolution;
using static TorchSharp.torch;

namespace Vision.Graphs;

/// <summary>A convolution of a graph, computed by whatever is faster for the size at hand.</summary>
internal sealed class PlannedConvolution : IDisposable
{
    // Weights packed for another size can take four times as long; for half of it or twice, they do not.
    private const int PackedSizes = 2;

    private readonly Tensor weight;
    private readonly Tensor? bias;
    private readonly FoldedBatchNorm? norm;
    private readonly ConvolutionGeometry geometry;
    private readonly ConvolutionActivation activation;
    private readonly WinogradMemory memory;
    private readonly List<(int Size, FusedConvolution Convolution)> packed = [];
    private WinogradConvolution? winograd;
    private (Tensor Weight, Tensor Bias)? folded;
    private int nodes = 1;

    /// <summary>Plans it; weights are packed at the first use.</summary>
    /// <param name="node">A node of <see cref="ConvolutionPasses.Operator"/>.</param>
    /// <param name="memory">The memory that the network's convolutions share.</param>
    public PlannedConvolution(GraphNode node, WinogradMemory memory)
    {
        this.memory = memory;
        weight = (Tensor)node.Operands[1].Constant!;
        bias = (Tensor?)node.Operands[2].Constant;
        geometry = (ConvolutionGeometry)node.Operands[4].Constant!;
        activation = (ConvolutionActivation)node.Operands[5].Constant!;
        norm = (FoldedBatchNorm?)node.Operands[6].Constant;
    }

    /// <summary>Takes in another node, if it has the same convolution, such as a head's at another level of a pyramid: both then use the
    /// same packed weights.</summary>
    /// <returns>Whether it has.</returns>
    public bool TryTake(GraphNode node)
    {
        GraphValue[] a = node.Operands;
        if (norm is not null || a[6].Constant is not null || !ReferenceEquals(a[1].Constant, weight)
            || !ReferenceEquals(a[2].Constant, bias) || !geometry.Equals(a[4].Constant) || !activation.Equals(a[5].Constant)) return false;
        nodes++;
        return true;
    }

    /// <summary>Convolves.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="residual">Added before the activation; may be null.</param>
    public Tensor Call(Tensor x, Tensor? residual)
    {
        // Handles of the inputs: kept longer than the call, they would keep the memory of the whole network's activations.
        using Tensor arranged = MemoryFormat.ChannelsLast(x);
        using Tensor? added = residual is null ? null : MemoryFormat.ChannelsLast(residual);
        if (!WinogradConvolution.Pays(weight.shape, geometry, activation, x.shape)) return PackedFor(x.shape).Call(arranged, added);
        winograd ??= Prepare((w, b) => new WinogradConvolution(w, b, (int)geometry.Dilation[0], activation, memory));
        return winograd.Call(arranged, added);
    }

    /// <summary>Frees the packed weights.</summary>
    public void Dispose()
    {
        foreach (var (_, convolution) in packed) convolution.Dispose();
        winograd?.Dispose();
        folded?.Weight.Dispose();
        folded?.Bias.Dispose();
    }

    /// <summary>Makes something from the weights.</summary>
    /// <param name="make">Makes it from weight and bias, into which the batch norm is folded.</param>
    /// <param name="again">Whether that happens again and again: only then the folded weights are kept, which take as much memory as the
    /// network's.</param>
    private T Prepare<T>(Func<Tensor, Tensor?, T> make, bool again = false) => HostMemory.Lasting(() =>
    {
        if (folded is { } kept) return make(kept.Weight, kept.Bias);
        if (norm is null) return make(weight, bias);
        using var scope = NewDisposeScope();
        var (foldedWeight, foldedBias) = norm.Into(weight, bias);
        if (again) folded = (foldedWeight.DetachFromDisposeScope(), foldedBias.DetachFromDisposeScope());
        return make(foldedWeight, foldedBias);
    });

    private FusedConvolution PackedFor(long[] shape)
    {
        int size = BitOperations.Log2((ulong)Math.Max(1, shape[0] * shape[2] * shape[3]));
        int at = packed.FindIndex(entry => entry.Size == size);
        if (at < 0)
        {
            bool isFull = packed.Count == PackedSizes * nodes;
            if (isFull)
            {
                packed[0].Convolution.Dispose();
                packed.RemoveAt(0);
            }
            at = packed.Count;
            packed.Add((size, Prepare((w, b) => new FusedConvolution(w, b, geometry, activation, shape), again: isFull)));
        }
        return packed[at].Convolution;
    }
}
