using Vision.Ops;
using Vision.Ops.Convolution;
using static TorchSharp.torch;

namespace Vision.Graphs;

/// <summary>A convolution of a graph, computed by whatever is faster for the size at hand.</summary>
internal sealed class PlannedConvolution : IDisposable
{
    // oneDNN packs for one size of images in ways that may not suit another: then every call packs again, which takes a hundred times as
    // long from packed weights as from the network's. A head has as many sizes at once as its pyramid has small levels.
    private const int PackedSizes = 3;

    private readonly Tensor weight;
    private readonly Tensor? bias;
    private readonly ConvolutionGeometry geometry;
    private readonly ConvolutionActivation activation;
    private readonly WinogradMemory memory;
    private readonly List<(long[] Size, FusedConvolution Convolution)> packed = [];
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

    private FusedConvolution PackedFor(long[] size)
    {
        int at = packed.FindIndex(entry => entry.Size.AsSpan().SequenceEqual(size));
        if (at < 0)
        {
            if (packed.Count == PackedSizes)
            {
                packed[0].Convolution.Dispose();
                packed.RemoveAt(0);
            }
            at = packed.Count;
            packed.Add((size, HostMemory.Lasting(() => new FusedConvolution(weight, bias, geometry, activation, size))));
        }
        return packed[at].Convolution;
    }
}
