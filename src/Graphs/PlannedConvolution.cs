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
    private readonly ConvolutionGeometry geometry;
    private readonly ConvolutionActivation activation;
    private readonly WinogradMemory memory;
    private readonly List<(int Size, FusedConvolution Convolution)> packed = [];
    private WinogradConvolution? winograd;

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
        winograd ??= HostMemory.Lasting(() => new WinogradConvolution(weight, bias, (int)geometry.Dilation[0], activation, memory));
        return winograd.Call(arranged, added);
    }

    /// <summary>Frees the packed weights.</summary>
    public void Dispose()
    {
        foreach (var (_, convolution) in packed) convolution.Dispose();
        winograd?.Dispose();
    }

    private FusedConvolution PackedFor(long[] shape)
    {
        int size = BitOperations.Log2((ulong)Math.Max(1, shape[0] * shape[2] * shape[3]));
        int at = packed.FindIndex(entry => entry.Size == size);
        if (at < 0)
        {
            if (packed.Count == PackedSizes)
            {
                packed[0].Convolution.Dispose();
                packed.RemoveAt(0);
            }
            at = packed.Count;
            packed.Add((size, HostMemory.Lasting(() => new FusedConvolution(weight, bias, geometry, activation, shape))));
        }
        return packed[at].Convolution;
    }
}
