using TorchSharp;
using Vision.Ops;
using Vision.Ops.Convolution;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Graphs.Tests;

public class PlannedConvolutionTests
{
    /// <summary>Another handle of the input would keep its memory until the whole network is done.</summary>
    [Theory]
    [InlineData(3, 1, true)]        // Winograd's algorithm
    [InlineData(5, 1)]              // oneDNN
    [InlineData(1, 1)]              // a matrix product
    [InlineData(3, 64)]             // each channel by itself
    public void NothingButTheResultIsLeftInTheScope(int kernel, int groups, bool isWinograd = false)
    {
        const int channels = 64;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        ConvolutionGeometry geometry = new([1, 1], [kernel / 2, kernel / 2], [1, 1], groups);
        Tensor x = MemoryFormat.ChannelsLast(rand(1, channels, 64, 64)), weight = rand(channels, channels / groups, kernel, kernel);
        Assert.Equal(isWinograd, WinogradConvolution.Pays(weight.shape, geometry, ConvolutionActivation.Relu, x.shape));
        GraphNode node = new(ConvolutionPasses.Operator,
            [GraphValue.Of(x), GraphValue.Of(weight), GraphValue.Of(null), GraphValue.Of(null), GraphValue.Of(geometry),
                GraphValue.Of(ConvolutionActivation.Relu), GraphValue.Of(null)], []);
        using WinogradMemory memory = new();
        using PlannedConvolution convolution = new(node, memory);
        convolution.Call(x, x).Dispose();                           // packs the weights

        long before = LiveTensors.Count();
        using Tensor y = convolution.Call(x, x);
        Assert.Equal(before + 1, Tensor.TotalCount);
    }

    /// <summary>The top-down path of a feature pyramid: no step is left but the convolutions.</summary>
    [SkippableFact]
    public void ConvolutionsResizeWhatTheyAdd()
    {
        Requirement.Check(TracedGraph.IsSupported, "Networks can be traced on Linux on x86-64 only.");
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> lateral = nn.Conv2d(8, 16, 1), top = nn.Conv2d(8, 16, 3, stride: 2, padding: 1),
            network = nn.Sequential(("lateral", lateral), ("top", top));
        Tensor[] Compute(Tensor[] given)
        {
            Tensor merged = lateral.call(given[0]);
            return [merged.add_(ResizeLike.Nearest(top.call(given[0]), merged))];
        }
        network.eval();
        Tensor image = rand(1, 8, 13, 10), other = rand(2, 8, 24, 31);
        TracedGraph graph = TracedGraph.Of(network, Compute, [image], [other]);
        ConvolutionPasses.Rewrite(graph);
        ConvolutionPasses.TakeSizesBeforeConvolutions(graph);
        ConvolutionPasses.FuseSums(graph);
        ConvolutionPasses.FuseResizing(graph);
        Assert.All(graph.Nodes, node => Assert.Equal(ConvolutionPasses.Operator, node.Operator));
        Assert.Equal(2, graph.Nodes.Count);
        using CompiledNetwork compiled = CompiledNetwork.Of(network, Compute, [image], [other]);
        foreach (Tensor x in (Tensor[])[image, other, rand(1, 8, 1, 5)]) Close.To(compiled.Call(x), Compute([x])[0], 1e-5);
    }
}
