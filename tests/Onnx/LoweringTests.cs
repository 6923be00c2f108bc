using Google.Protobuf;
using TorchSharp;
using Vision.Graphs;
using Vision.Onnx.Building;
using Vision.Onnx.Exporting;
using Vision.Onnx.Lowering;
using Vision.Ops;
using Vision.Testing;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Onnx.Tests;

/// <summary>Each operator by itself: traced and lowered, it computes in ONNX Runtime what it computes in TorchSharp, at sizes that were not
/// traced.</summary>
public class LoweringTests
{
    private const int Channels = 8;

    private static readonly Dictionary<string, Func<nn.Module<Tensor, Tensor>>> networks = new()
    {
        ["add"] = () => new Net(x => x + x.sigmoid()),
        ["add in place"] = () => new Net(x => x.sigmoid().add_(x)),
        ["add with a factor"] = () => new Net(x => x.add(x.sigmoid(), 3)),
        ["add a number"] = () => new Net(x => x + 1.5),
        ["subtract"] = () => new Net(x => x - x.sigmoid()),
        ["multiply"] = () => new Net(x => x * x.sigmoid()),
        ["multiply by a number"] = () => new Net(x => x * 2),
        ["divide"] = () => new Net(x => x / (x.sigmoid() + 1)),
        ["gelu"] = () => new Net(x => gelu(x)),
        ["hardsigmoid"] = () => new Net(x => hardsigmoid(x * 4)),
        ["hardswish"] = () => new Net(x => hardswish(x * 4)),
        ["relu"] = () => new Net(x => relu(x)),
        ["relu in place"] = () => new Net(x => (x * x.sigmoid()).relu_()),
        ["relu6"] = () => new Net(x => relu6(x * 10)),
        ["sigmoid"] = () => new Net(x => x.sigmoid()),
        ["silu"] = () => new Net(x => silu(x)),

        ["pad with zeros"] = () => new Net(x => pad(x, (1, 2, 0, 3))),
        ["pad by reflection"] = () => new Net(x => pad(x, (1, 2, 0, 3), PaddingModes.Reflect)),
        ["pad by the border"] = () => new Net(x => pad(x, (1, 2, 0, 3), PaddingModes.Replicate)),
        ["concatenate"] = () => new Net(x => cat([x, x.sigmoid(), x], 1)),
        ["flatten"] = () => new Net(x => x.flatten(1)),
        ["flatten in the middle"] = () => new Net(x => x.flatten(1, 2)),
        ["flatten to one"] = () => new Net(x => x.flatten()),
        ["unflatten the last"] = () => new Net(x => x.permute(0, 2, 3, 1).unflatten(3, -1, 2)),
        ["unflatten the middle"] = () => new Net(x => x.unflatten(1, 2, -1)),
        ["transpose"] = () => new Net(x => x.transpose(1, -1)),
        ["select"] = () => new Net(x => x.select(1, -2)),
        ["unsqueeze and squeeze"] = () => new Net(x => x.unsqueeze(2).sigmoid().squeeze(2)),
        ["stack"] = () => new Net(x => stack([x, x.sigmoid()], -1)),
        ["expand"] = () => new Net(x => x.mean([2, 3], true).expand(-1, Channels, 3, 3)),
        ["view"] = () => new Net(x => x.mean([2, 3]).view(-1, 2, Channels / 2)),
        ["narrow"] = () => new Net(x => x.narrow(1, 2, 3)),
        ["narrow at the end"] = () => new Net(x => x.narrow(2, -1, 1)),
        ["permute"] = () => new Net(x => x.permute(0, 3, 1, 2)),
        ["slice"] = () => new Net(x => x.slice(2, 1, long.MaxValue, 2)),

        ["resize like"] = () => new Net(x => ResizeLike.Bilinear(avg_pool2d(x, 3), x)),
        ["resize like, smaller"] = () => new Net(x => ResizeLike.Bilinear(x, avg_pool2d(x, 3))),
        ["resize like, the same"] = () => new Net(x => ResizeLike.Bilinear(x.sigmoid(), x)),
        ["nearest like"] = () => new Net(x => ResizeLike.Nearest(avg_pool2d(x, 2), x)),
        ["nearest double"] = () => new Net(x => ResizeLike.Doubled(x)),
        ["cover, larger"] = () => new Net(x => ResizeLike.Cover(pad(x, (1, 2, 3, 1)), x)),
        ["cover, smaller"] = () => new Net(x => ResizeLike.Cover(avg_pool2d(x, 3), x)),
        ["cover, partly larger"] = () => new Net(x => ResizeLike.Cover(pad(x, (0, 2, 0, 0)).slice(2, 0, 6, 1), x)),

        ["split windows"] = () => new Net(x => ShiftedWindows.Split(x.permute(0, 2, 3, 1), 7, 0)),
        ["split shifted windows"] = () => new Net(x => ShiftedWindows.Split(x.permute(0, 2, 3, 1), 7, 3)),
        ["join windows"] = () => new Net(x => ShiftedWindows.Join(ShiftedWindows.Split(x, 4, 0).sigmoid(), x, 4, 0)),
        ["join shifted windows"] = () => new Net(x => ShiftedWindows.Join(ShiftedWindows.Split(x, 4, 1).sigmoid(), x, 4, 1)),
        ["mask of shifted windows"] = () => new Net(x => ShiftedWindows.Mask(x.permute(0, 2, 3, 1), 7, 3)),

        ["mean"] = () => new Net(x => x.mean([2, 3])),
        ["normalize"] = () => new Net(x => normalize(x)),
        ["softmax"] = () => new Net(x => x.softmax(-1)),
        ["cumulative sum"] = () => new Net(x => x.cumsum(2)),
        ["sines"] = () => new Net(x => x.sin() * x.cos()),
        ["leaky relu"] = () => new Net(x => leaky_relu(x, 0.1)),
        ["linear"] = () => new Net((x, layer) => layer.call(adaptive_avg_pool2d(x, 1).flatten(1)), nn.Linear(Channels, 5)),
        ["linear on channels"] = () => new Net((x, layer) => layer.call(x.permute(0, 2, 3, 1)), nn.Linear(Channels, 5)),
        ["linear without bias"] = () => new Net((x, layer) => layer.call(x.permute(0, 2, 3, 1)), nn.Linear(Channels, 5, false)),

        ["batch norm"] = () => new Net((x, layer) => layer.call(x), Filled(nn.BatchNorm2d(Channels))),
        ["batch norm without weights"] = () => new Net((x, layer) => layer.call(x), nn.BatchNorm2d(Channels, affine: false)),
        ["group norm"] = () => new Net((x, layer) => layer.call(x), Filled(nn.GroupNorm(4, Channels))),
        ["layer norm"] = () => new Net((x, layer) => layer.call(x.permute(0, 2, 3, 1)), Filled(nn.LayerNorm([Channels]))),

        ["max pool"] = () => new Net(x => max_pool2d(x, [3, 3], [2, 2], [1, 1])),
        ["max pool, rounded up"] = () => new Net(x => max_pool2d(x, [2, 2], [2, 2], [0, 0], [1, 1], true)),
        ["max pool, rounded up and padded"] = () => new Net(x => max_pool2d(x, [3, 3], [2, 2], [1, 1], [1, 1], true)),
        ["average pool"] = () => new Net(x => avg_pool2d(x, [3, 3], [2, 2], [1, 1])),
        ["average pool without padding's zeros"] = () => new Net(x => avg_pool2d(x, [3, 3], [2, 2], [1, 1], false, false)),
        ["average pool, rounded up"] = () => new Net(x => avg_pool2d(x, [2, 2], [2, 2], [0, 0], true, false)),
        ["adaptive pool to one"] = () => new Net(x => adaptive_avg_pool2d(x, 1)),
        ["adaptive pool to 3×2"] = () => new Net(x => adaptive_avg_pool2d(x, [3, 2])),
        ["adaptive pool to 7"] = () => new Net(x => adaptive_avg_pool2d(x, 7)),

        ["convolution"] = () => new Net((x, layer) => layer.call(x), nn.Conv2d(Channels, 6, 3)),
        ["convolution, grouped, strided, dilated"] = () => new Net((x, layer) => layer.call(x),
            nn.Conv2d(Channels, 4, 3, 2, 2, 2, groups: 2, bias: false)),
        ["convolution and norm"] = () => new Net((x, layer) => layer.call(x),
            nn.Sequential(nn.Conv2d(Channels, Channels, 3), Filled(nn.BatchNorm2d(Channels)), nn.ReLU(true))),
        ["dilated convolution"] = () => new Dilated(),
        ["transposed convolution"] = () => new Net((x, layer) => layer.call(x),
            nn.ConvTranspose2d(Channels, 4, 3, 2, 1, 1, 2)),
        ["deformable convolution"] = () => new Deformable(),
    };

    public static TheoryData<string> Names => [.. networks.Keys];

    [Theory, MemberData(nameof(Names))]
    public void ResultsAreThoseOfTorchSharp(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        random.manual_seed(5);
        using nn.Module<Tensor, Tensor> network = networks[name]();
        network.eval();
        using Ort exported = new(Exported(network));
        foreach (Tensor x in (Tensor[])[randn(2, Channels, 13, 22), randn(1, Channels, 8, 7), randn(3, Channels, 24, 24)])
            Close.To(exported.Run(x)[0], network.call(x), 1e-5, $"{name} of {string.Join('×', x.shape)}");
    }

    [Theory]
    [InlineData("aten::flip")]
    [InlineData("aten::_pad_enum")]
    public void WhatCannotBeLoweredIsNamed(string op)
    {
        using var scope = NewDisposeScope();
        using Net network = new(x => op switch
        {
            "aten::flip" => x.flip(1),
            _ => pad(x, (1, 1, 1, 1), PaddingModes.Circular),
        });
        network.eval();
        Assert.StartsWith($"The operator {op} cannot be exported", Assert.Throws<NotSupportedException>(() => Exported(network)).Message);
    }

    private static byte[] Exported(nn.Module<Tensor, Tensor> network)
    {
        using OnnxGraphBuilder builder = new("network");
        OnnxValue x = builder.Input("x", DataType.Float, "N", Channels, "H", "W");
        OnnxValue y = NetworkLowering.Add(builder, TracedGraph.Of(network, rand(1, Channels, 16, 16)), false, x)[0];
        builder.Output("y", y, DataType.Float);
        using TempFolder folder = new();
        OnnxModelFile.Write(folder["network.onnx"], builder.Graph, new Dictionary<string, string>());
        return File.ReadAllBytes(folder["network.onnx"]);
    }

    /// <summary>A layer whose norm is not the identity.</summary>
    private static T Filled<T>(T layer) where T : nn.Module
    {
        using var noGradient = no_grad();
        foreach (var (name, value) in layer.state_dict())
            if (value.is_floating_point()) value.uniform_(0.5, 1.5);
        return layer;
    }

    /// <summary>A function, with a layer or without.</summary>
    private sealed class Net : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> layer;
        private readonly Func<Tensor, nn.Module<Tensor, Tensor>, Tensor> body;

        public Net(Func<Tensor, Tensor> body) : this((x, _) => body(x), nn.Identity()) { }

        public Net(Func<Tensor, nn.Module<Tensor, Tensor>, Tensor> body, nn.Module<Tensor, Tensor> layer) : base(nameof(Net))
        {
            this.body = body;
            this.layer = layer;
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            return body(x, layer).MoveToOuterDisposeScope();
        }
    }

    private sealed class Dilated : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Parameter weight = nn.Parameter(randn(5, Channels, 3, 3));

        public Dilated() : base(nameof(Dilated)) => RegisterComponents();

        public override Tensor forward(Tensor x) => DilatedConv.Conv2d(x, weight, 8);
    }

    /// <summary>Two groups of offsets of about a pixel, some beyond the border, with a mask and groups of channels.</summary>
    private sealed class Deformable : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Parameter weight = nn.Parameter(randn(6, Channels / 2, 3, 2));
        private readonly TorchSharp.Modules.Parameter bias = nn.Parameter(randn(6));
        private readonly TorchSharp.Modules.Conv2d offset = nn.Conv2d(Channels, 2 * 2 * 6, (3, 2), (2, 2), (2, 2), (2, 2));
        private readonly TorchSharp.Modules.Conv2d mask = nn.Conv2d(Channels, 2 * 6, (3, 2), (2, 2), (2, 2), (2, 2));

        public Deformable() : base(nameof(Deformable)) => RegisterComponents();

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            return DeformConv.Conv2d(x, offset.call(x) * 4, weight, bias, 2, 2, 2, mask.call(x).sigmoid()).MoveToOuterDisposeScope();
        }
    }
}
