using Vision.Ops;
using Vision.Ops.Convolution;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Graphs;

/// <summary>A convolution of a graph, computed by whatever is faster for the size at hand.</summary>
internal sealed class PlannedConvolution : IDisposable
{
    // oneDNN packs for one size of images in ways that may not suit another: then every call packs again, which takes a hundred times as
    // long from packed weights as from the network's. So many sizes are kept for each node.
    private const int PackedSizes = 2;

    private readonly Tensor weight;
    private readonly Tensor? bias;
    private readonly FoldedBatchNorm? norm;
    private readonly ConvolutionGeometry geometry;
    private readonly ConvolutionActivation activation;
    private readonly WinogradMemory memory;
    private readonly List<(long[] Size, FusedConvolution Convolution)> packed = [];
    private readonly long[] filters;                       // the weights' shape
    private WinogradConvolution? winograd;
    private DepthwiseConvolution? depthwise;
    private PointwiseConvolution? pointwise;
    private (Tensor Weight, Tensor Bias)? folded;
    private int nodes = 1;

    /// <summary>Plans it; weights are packed at the first use.</summary>
    /// <param name="node">A node of <see cref="ConvolutionPasses.Operator"/>.</param>
    /// <param name="memory">The memory that the network's convolutions share.</param>
    public PlannedConvolution(GraphNode node, WinogradMemory memory)
    {
        this.memory = memory;
        weight = (Tensor)node.Operands[1].Constant!;
        filters = weight.shape;
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
    /// <param name="residual">Added before the activation; resized to the result's size by nearest interpolation; may be null.</param>
    public Tensor Call(Tensor x, Tensor? residual)
    {
        // Handles of the inputs: kept longer than the call, they would keep the memory of the whole network's activations.
        using Tensor? copy = Arranged(x), copyOfResidual = residual is null ? null : Arranged(residual);
        (x, residual) = (copy ?? x, copyOfResidual ?? residual);
        long[] shape = x.shape;
        if (PointwiseConvolution.Pays(filters, geometry, shape))
        {
            pointwise ??= Prepare((w, b) => new PointwiseConvolution(w, b, activation));
            return pointwise.Call(x, residual);
        }
        using Tensor? resized = residual is null ? null : Resized(residual, shape);
        residual = resized ?? residual;
        if (DepthwiseConvolution.Pays(filters, geometry))
        {
            depthwise ??= Prepare((w, b) => new DepthwiseConvolution(w, b, geometry, activation));
            return depthwise.Call(x, residual);
        }
        if (!WinogradConvolution.Pays(filters, geometry, activation, shape)) return PackedFor(shape).Call(x, residual);
        winograd ??= Prepare((w, b) => new WinogradConvolution(w, b, (int)geometry.Dilation[0], activation, memory));
        return winograd.Call(x, residual);
    }

    /// <summary>A map in channels-last format; null if it already is.</summary>
    private static Tensor? Arranged(Tensor map) => FeatureMap.IsChannelsLast(map) ? null : MemoryFormat.ChannelsLast(map);

    /// <summary>A residual at the size of the result; null if it has this size.</summary>
    private Tensor? Resized(Tensor residual, long[] input)
    {
        (long height, long width) = (geometry.Size(input[2], filters[2], 0), geometry.Size(input[3], filters[3], 1));
        return residual.shape[2] == height && residual.shape[3] == width ? null
            : nn.functional.interpolate(residual, [height, width], mode: InterpolationMode.Nearest);
    }

    /// <summary>Frees the packed weights.</summary>
    public void Dispose()
    {
        foreach (var (_, convolution) in packed) convolution.Dispose();
        winograd?.Dispose();
        depthwise?.Dispose();
        pointwise?.Dispose();
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

    private FusedConvolution PackedFor(long[] size)
    {
        int at = packed.FindIndex(entry => entry.Size.AsSpan().SequenceEqual(size));
        if (at < 0)
        {
            bool isFull = packed.Count == PackedSizes * nodes;
            if (isFull)
            {
                packed[0].Convolution.Dispose();
                packed.RemoveAt(0);
            }
            at = packed.Count;
            packed.Add((size, Prepare((w, b) => new FusedConvolution(w, b, geometry, activation, size), again: isFull)));
        }
        return packed[at].Convolution;
    }
}
