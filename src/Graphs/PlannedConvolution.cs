using Vision.Ops;
using Vision.Ops.Convolution;
using static TorchSharp.torch;

namespace Vision.Graphs;

/// <summary>A convolution of a graph, computed by whatever is faster for the size at hand.</summary>
internal sealed class PlannedConvolution : IDisposable
{
    private readonly Tensor weight;
    private readonly Tensor? bias;
    private readonly ConvolutionGeometry geometry;
    private readonly Activation activation;
    private readonly long[] inputSize;
    private readonly WinogradMemory memory;
    private FusedConvolution? fused;
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
        activation = (Activation)node.Operands[5].Constant!;
        inputSize = [.. node.Operands[0].Shape!];
    }

    /// <summary>Convolves.</summary>
    public Tensor Call(Tensor x, Tensor? residual)
    {
        Tensor arranged = MemoryFormat.ChannelsLast(x);
        if (residual is not null) residual = MemoryFormat.ChannelsLast(residual);
        return WinogradConvolution.Pays(weight.shape, geometry, activation, x.shape[2], x.shape[3])
            ? (winograd ??= new(weight, bias, activation, memory)).Call(arranged, residual)
            : (fused ??= new(weight, bias, geometry, activation, inputSize)).Call(arranged, residual);
    }

    /// <summary>Frees the packed weights.</summary>
    public void Dispose()
    {
        fused?.Dispose();
        winograd?.Dispose();
    }
}
