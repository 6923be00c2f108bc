using TorchSharp;
using TorchSharp.Modules;
using Vision.Backbones;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Graphs.Tests;

public class NetworkSummaryTests
{
    /// <summary>torchvision's published counts, <c>_ops</c> of its weights.</summary>
    [Theory]
    [InlineData("resnet18", 1.814)]
    [InlineData("resnet50", 4.089)]
    [InlineData("resnext50_32x4d", 4.23)]
    [InlineData("mobilenet_v2", 0.301)]
    [InlineData("mobilenet_v3_large", 0.217)]
    [InlineData("efficientnet_b0", 0.386)]
    [InlineData("densenet121", 2.834)]
    [InlineData("regnet_y_400mf", 0.402)]
    [InlineData("convnext_tiny", 4.456)]
    public void MultiplyAddsAndParametersAreThePublishedOnes(string name, double published)
    {
        using var scope = NewDisposeScope();
        using Backbone network = BackboneRegistry.Create(name, new() { NumClasses = 1000 });
        network.eval();
        NetworkSummary summary = NetworkSummary.Of(network, zeros(1, 3, 224, 224));
        BackboneFacts facts = BackboneRegistry.Get(name).Facts;
        Assert.Equal(published, summary.MultiplyAdds / 1e9, 0.00051);
        Assert.Equal(published, facts.GigaFlops, 0.00051);
        Assert.Equal(facts.Parameters, summary.Parameters);
        Assert.Equal(network.state_dict().Values.Sum(tensor => tensor.numel() * tensor.element_size()), summary.ParameterBytes);
        Assert.Equal([1, 1000], summary.OutputShape);
        foreach (var rows in (IReadOnlyList<LayerSummary>[])[summary.Blocks, summary.AtDepth(1), summary.AtDepth(9)])
        {
            Assert.Equal(summary.Parameters, rows.Sum(row => row.Parameters));
            Assert.Equal(summary.MultiplyAdds, rows.Sum(row => row.MultiplyAdds));
            Assert.Equal(summary.ActivationBytes, rows.Sum(row => row.ActivationBytes));
        }
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData("swin_t", 4.491)]
    [InlineData("swin_s", 8.741)]
    [InlineData("swin_b", 15.431)]
    [InlineData("vgg16", 15.47)]
    public void MultiplyAddsAndParametersOfLargeNetworksAreThePublishedOnes(string name, double published) =>
        MultiplyAddsAndParametersAreThePublishedOnes(name, published);

    [Fact]
    public void BlocksAreResidualBlocksAndLayersWithWhatFollowsThem()
    {
        using Net network = new();
        NetworkSummary summary = Summarize(network);
        Assert.Equal(
        [
            "stem|3×3 conv, 8, /2: batch norm, ReLU|1×8×16×16|232|55296|16384",
            "|2×2 max pool, /2|1×8×8×8|0|0|2048",
            "blocks.0|Block: 3×3 depthwise, 8 → 1×1, 8|1×8×8×8|152|8704|6144",
            "blocks.1|Block: 3×3 depthwise, 8 → 1×1, 8|1×8×8×8|152|8704|6144",
            "|global average pool|1×8|0|0|32",
            "classifier|linear, 5|1×5|45|40|20",
            "auxiliary|not used in prediction||72|0|0",
        ], summary.Blocks.Select(Text));
        Assert.Equal([1, 3, 32, 32], summary.InputShape);
    }

    [Fact]
    public void EveryLayerStandsAloneAtFullDepth()
    {
        using Net network = new();
        Assert.Equal(
        [
            "stem|3×3 conv, 8, /2|1×8×16×16|216|55296|8192",
            "norm|batch norm|1×8×16×16|16|0|8192",
            "|ReLU|1×8×16×16|0|0|0",
            "|2×2 max pool, /2|1×8×8×8|0|0|2048",
            "blocks.0|4 operators|1×8×8×8|152|8704|6144",
        ], Summarize(network).AtDepth(2).Take(5).Select(Text));
        Assert.Contains("blocks.1.depthwise|3×3 depthwise conv, 8|1×8×8×8|80|4608|2048", Summarize(network).AtDepth(3).Select(Text));
        Assert.Throws<ArgumentOutOfRangeException>(() => Summarize(network).AtDepth(0));
    }

    [Fact]
    public void NothingIsLeftBehind()
    {
        using Net network = new();
        LiveTensors.Unchanged(() => Summarize(network).ToSvg("net"));
    }

    [Fact]
    public void WhatLibtorchRefusesIsThrown()
    {
        using Net network = new();
        using Tensor example = zeros(1, 3, 1, 1);
        Assert.Contains("Output size is too small",
            Assert.ThrowsAny<Exception>(() => NetworkSummary.Of(network, example)).Message);
    }

    [Theory]
    [InlineData(0, "0", "0 B")]
    [InlineData(999, "999", "999 B")]
    [InlineData(1000, "1.00 k", "1000 B")]
    [InlineData(25_557_032, "25.6 M", "24.4 MB")]
    [InlineData(999_999, "1.00 M", "977 kB")]
    [InlineData(4_089_184_256, "4.09 G", "3.81 GB")]
    public void QuantitiesHaveThreeDigits(long value, string count, string bytes)
    {
        Assert.Equal(count, Quantity.Of(value));
        Assert.Equal(bytes, Quantity.Bytes(value));
    }

    private static NetworkSummary Summarize(Net network)
    {
        using Tensor example = zeros(1, 3, 32, 32);
        return NetworkSummary.Of(network, example);
    }

    private static string Text(LayerSummary row) =>
        $"{row.Name}|{row.Kind}|{(row.OutputShape is { } shape ? string.Join('×', shape) : "")}|{row.Parameters}|{row.MultiplyAdds}|" +
            $"{row.ActivationBytes}";

    private sealed class Net : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d stem = nn.Conv2d(3, 8, 3, 2, 1, bias: false);
        private readonly BatchNorm2d norm = nn.BatchNorm2d(8);
        private readonly Sequential blocks = nn.Sequential(("0", new Block()), ("1", new Block()));
        private readonly Linear classifier = nn.Linear(8, 5);
        private readonly Conv2d auxiliary = nn.Conv2d(8, 8, 1);

        public Net() : base(nameof(Net))
        {
            RegisterComponents();
            eval();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            Tensor y = nn.functional.max_pool2d(norm.call(stem.call(x)).relu_(), 2);
            y = nn.functional.adaptive_avg_pool2d(blocks.call(y), 1);
            return classifier.call(y.flatten(1)).MoveToOuterDisposeScope();
        }
    }

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d depthwise = nn.Conv2d(8, 8, 3, 1, 1, groups: 8);
        private readonly Conv2d pointwise = nn.Conv2d(8, 8, 1);

        public Block() : base(nameof(Block)) => RegisterComponents();

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            return (pointwise.call(depthwise.call(x).relu_()) + x).MoveToOuterDisposeScope();
        }
    }
}
