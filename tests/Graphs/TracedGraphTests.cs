using TorchSharp;
using TorchSharp.Modules;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Graphs.Tests;

public class TracedGraphTests
{
    [Fact]
    public void OperatorsAreRecordedWithTheParametersNames()
    {
        using var scope = NewDisposeScope();
        using Net network = new(x => x);
        TracedGraph graph = TracedGraph.Of(network, rand(1, 3, 32, 32));
        Assert.Equal(["aten::_convolution", "aten::batch_norm", "aten::relu_"], graph.Nodes.Select(node => node.Operator));
        Assert.Equal("conv.weight", graph.Nodes[0].Inputs[1].Name);
        Assert.Same(network.get_parameter("conv.weight"), graph.Nodes[0].Inputs[1].Constant);
        Assert.Equal([1, 4, 30, 30], graph.Outputs.Single().Shape);
        Assert.Equal([1, 3, 32, 32], graph.Inputs[0].Shape);
    }

    [Fact]
    public void ASizeThatBecomesAConstantIsRefused()
    {
        using var scope = NewDisposeScope();
        using Net network = new(x => x.narrow(2, 0, x.shape[2] / 2));
        string message = Assert.Throws<NotSupportedException>(() => TracedGraph.Of(network, rand(1, 3, 32, 32))).Message;
        Assert.Contains("aten::narrow(%", message);
        Assert.Contains(", 2, 0, 15) is aten::narrow(", message);
        Assert.Contains(", 2, 0, 47) for a larger input", message);
    }

    [Fact]
    public void ATensorThatIsMadeInTheForwardIsRefused()
    {
        using var scope = NewDisposeScope();
        using Net network = new(x => x + tensor(new float[] { 1, 2, 3, 4 }).view(1, 4, 1, 1));
        Assert.Contains("makes a tensor of Float(4", Assert.Throws<NotSupportedException>(() =>
            TracedGraph.Of(network, rand(1, 3, 32, 32))).Message);
    }

    [Fact]
    public void EqualComputationsAreDoneOnce()
    {
        using var scope = NewDisposeScope();
        using Net network = new(x => x.sigmoid() * 2 + x.sigmoid() * 3 + x.sigmoid() * 2);
        Tensor images = rand(1, 3, 32, 32);
        TracedGraph graph = TracedGraph.Of(network, images);
        GraphPasses.MergeEqual(graph);
        Assert.Equal(["aten::sigmoid", "aten::mul", "aten::mul"],
            graph.Nodes.Select(node => node.Operator).Where(op => op is "aten::sigmoid" or "aten::mul"));
        using CompiledNetwork compiled = CompiledNetwork.Of(network, images);
        Close.To(compiled.Call(images), network.call(images), 1e-5);
    }

    [Fact]
    public void WhatTheNetworkThrowsIsThrown()
    {
        using var scope = NewDisposeScope();
        using Net network = new(_ => throw new InvalidDataException("no"));
        Assert.Equal("no", Assert.Throws<InvalidDataException>(() => TracedGraph.Of(network, rand(1, 3, 32, 32))).Message);
    }

    /// <summary>The native side: what the function returned, and the graph itself.</summary>
    [Theory]
    [InlineData(512, 40)]           // the results of one call are 12 MB
    [InlineData(16, 1000)]          // hardly more than the graphs
    public void NothingOfATraceIsLeftBehind(int side, int traces)
    {
        using Net network = new(x => x);
        using Tensor image = rand(1, 3, side, side);
        void Trace() => TracedGraph.Of(network, image);
        LiveTensors.Unchanged(Trace);
        const int megabytes = 8;
        // What .NET compiles meanwhile takes some, but not time and again; what is left behind does.
        long[] growths = [.. Enumerable.Range(0, 4).Select(_ => Growth()).TakeWhile(growth => growth > megabytes)];
        Assert.True(growths.Length < 4, $"The traces left MB behind: {string.Join(", ", growths)}.");

        long Growth()
        {
            long before = NativeHeap.Allocated();
            for (int i = 0; i < traces; i++) Trace();
            return (NativeHeap.Allocated() - before) >> 20;
        }
    }

    [Fact]
    public void DropoutAndUnusedResultsAreNotCompiled()
    {
        using var scope = NewDisposeScope();
        using Net network = new(x =>
        {
            _ = x.sigmoid();
            return nn.functional.dropout(x, 0.5, false);
        });
        Tensor image = rand(1, 3, 32, 40);
        using CompiledNetwork compiled = CompiledNetwork.Of(network, rand(1, 3, 32, 32));
        Close.To(compiled.Call(image), network.call(image), 1e-6);
    }

    [Fact]
    public void CompilingAndCallingLeaveNothingBehind()
    {
        using Net network = new(x => x);
        using Tensor image = rand(1, 3, 32, 32);
        LiveTensors.Unchanged(() =>
        {
            using CompiledNetwork compiled = CompiledNetwork.Of(network, image);
            compiled.Call(image).Dispose();
            LiveTensors.Unchanged(() => compiled.Call(image).Dispose());
        });
    }

    [Fact]
    public void WhatCannotBeCompiledLeavesNothingBehind()
    {
        using Net network = new(x => x.flip(1));
        using Tensor image = rand(1, 3, 32, 32);
        LiveTensors.Unchanged(() => Assert.Equal("What it uses cannot be compiled: aten::flip.",
            Assert.Throws<NotSupportedException>(() => CompiledNetwork.Of(network, image)).Message));
    }

    [Fact]
    public void InTrainingModeNothingIsCompiled()
    {
        using Net network = new(x => x);
        network.train();
        using Tensor image = rand(1, 3, 32, 32);
        Assert.StartsWith("A network is compiled in evaluation mode",
            Assert.Throws<ArgumentException>(() => CompiledNetwork.Of(network, image)).Message);
    }

    /// <summary>A convolution, a norm and a ReLU, and something after them.</summary>
    private sealed class Net : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv = nn.Conv2d(3, 4, 3);
        private readonly BatchNorm2d norm = nn.BatchNorm2d(4);
        private readonly Func<Tensor, Tensor> end;

        public Net(Func<Tensor, Tensor> end) : base(nameof(Net))
        {
            this.end = end;
            RegisterComponents();
            eval();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            return end(norm.call(conv.call(x)).relu_()).MoveToOuterDisposeScope();
        }
    }
}
