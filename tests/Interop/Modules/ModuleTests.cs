using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Interop.Tests;

/// <summary>What every module can: registering, names, modes, loading, conversion, hooks and disposal.</summary>
public class ModuleTests
{
    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv = nn.Conv2d(2, 3, 1);
        private readonly ModuleList<BatchNorm2d> norms = nn.ModuleList(nn.BatchNorm2d(3), nn.BatchNorm2d(3));
        private readonly ModuleDict<nn.Module> heads = nn.ModuleDict(("mask", (nn.Module)nn.Linear(2, 1)));
        private readonly Parameter scale = nn.Parameter(ones(1));
        private readonly Tensor offset = zeros(2);
        private readonly Conv2d? absent = null;
        private readonly int count = 5;
        [ComponentName(Name = "renamed")] private readonly ReLU activation = nn.ReLU();

        public Block() : base("Block")
        {
            RegisterComponents();
            register_buffer("scratch", zeros(1), false);
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return activation.call(norms[0].call(conv.call(input))).MoveToOuterDisposeScope();
        }

        public (object?, int, Tensor, ModuleDict<nn.Module>) Unused => (absent, count, offset, heads);
    }

    private static readonly string[] keys =
    [
        "scale", "offset", "conv.weight", "conv.bias",
        .. from i in new[] { 0, 1 } from leaf in new[] { "weight", "bias", "running_mean", "running_var", "num_batches_tracked" } select $"norms.{i}.{leaf}",
        "heads.mask.weight", "heads.mask.bias",
    ];

    [Fact]
    public void FieldsAreRegisteredUnderTheirNames()
    {
        using Block block = new();
        Assert.Equal(keys, block.state_dict().Keys);
        Assert.Equal(keys.Where(key => !key.Contains("running") && !key.Contains("num_") && key != "offset"), block.named_parameters().Select(p => p.name));
        Assert.Contains("scratch", block.named_buffers().Select(b => b.name));
        Assert.DoesNotContain("scratch", block.named_buffers(true, false).Select(b => b.name));
        Assert.Equal(["conv", "norms", "heads", "renamed"], block.named_children().Select(c => c.name));
        Assert.Equal(["conv", "norms", "heads", "renamed", "norms.0", "norms.1", "heads.mask"], block.named_modules().Select(m => m.name));
        Assert.Same(block.state_dict()["norms.1.weight"], block.get_parameter("norms.1.weight"));
        Assert.Same(block.state_dict()["norms.1.running_var"], block.get_buffer("norms.1.running_var"));
        Assert.False(block.has_parameter("norms.2.weight"));
        Assert.False(block.has_buffer("conv.weight"));
    }

    [Fact]
    public void SharedParametersComeOnceButLoadUnderBothNames()
    {
        using Linear first = nn.Linear(2, 2, false), second = nn.Linear(first.weight);
        using Sequential both = nn.Sequential(first, second);
        Assert.Single(both.parameters());
        Assert.Equal(["0.weight", "1.weight"], both.state_dict().Keys);
    }

    [Fact]
    public void NamesAreTakenOnce()
    {
        using Block block = new();
        Assert.Throws<InvalidOperationException>(() => block.register_module("conv", nn.ReLU()));
        Assert.Throws<InvalidOperationException>(() => block.register_buffer("offset", zeros(1)));
        Assert.Throws<ArgumentException>(() => block.register_module("a.b", nn.ReLU()));
    }

    [Fact]
    public void ModesReachEveryModule()
    {
        using Block block = new();
        block.eval();
        Assert.All(block.modules().Prepend(block), module => Assert.False(module.training));
        block.train();
        Assert.All(block.modules().Prepend(block), module => Assert.True(module.training));
        List<string> visited = [];
        block.apply(module => visited.Add(module.GetName()));
        Assert.Equal(["Conv2d", "BatchNorm2d", "BatchNorm2d", "ModuleList", "Linear", "ModuleDict", "ReLU", "Block"], visited);
    }

    [Fact]
    public void StateLoadsByNameAndShape()
    {
        using var scope = NewDisposeScope();
        using Block from = new(), to = new();
        nn.init.normal_(from.get_parameter("conv.weight")!);
        var (missing, unexpected) = to.load_state_dict(from.state_dict());
        Assert.Empty(missing);
        Assert.Empty(unexpected);
        Close.To(to.get_parameter("conv.weight")!, from.get_parameter("conv.weight")!, 0);

        Dictionary<string, Tensor> state = from.state_dict();
        state.Remove("scale");
        state["extra"] = ones(1);
        string message = Assert.Throws<InvalidOperationException>(() => to.load_state_dict(state)).Message;
        Assert.Contains("[scale]", message);
        Assert.Contains("[extra]", message);
        (missing, unexpected) = to.load_state_dict(state, strict: false);
        Assert.Equal(["scale"], missing);
        Assert.Equal(["extra"], unexpected);
        to.load_state_dict(state, true, ["scale", "extra"]);

        Dictionary<string, Tensor> misshapen = from.state_dict();
        misshapen["conv.bias"] = ones(1);
        Assert.Contains("'conv.bias'", Assert.Throws<InvalidOperationException>(() => to.load_state_dict(misshapen)).Message);
    }

    [Fact]
    public void ConversionKeepsTheTensorObjectsAndTheGradients()
    {
        using var scope = NewDisposeScope();
        using Block block = new();
        Parameter weight = block.get_parameter("conv.weight")!;
        block.call(ones(2, 2, 4, 4)).sum().backward();
        block.to(float64);
        Assert.Same(weight, block.get_parameter("conv.weight"));
        Assert.Equal(float64, weight.dtype);
        Assert.Equal(float64, weight.grad!.dtype);
        Assert.Equal(float64, block.get_buffer("norms.0.running_mean")!.dtype);
        Assert.Equal(int64, block.get_buffer("norms.0.num_batches_tracked")!.dtype);
        Assert.True(weight.requires_grad);
        block.zero_grad();
        Assert.Null(weight.grad);
        block.call(ones(2, 2, 4, 4).to(float64)).sum().backward();
        Assert.Equal(float64, weight.grad!.dtype);
        Assert.Throws<ArgumentException>(() => block.to(int64));
    }

    [Fact]
    public void HooksSeeAndChangeCalls()
    {
        using var scope = NewDisposeScope();
        using Identity identity = nn.Identity();
        int calls = 0;
        identity.register_forward_hook(_ => calls++);
        identity.register_forward_pre_hook((_, x) => x + 1);
        var doubling = identity.register_forward_hook((_, _, y) => y * 2);
        Assert.Equal(4f, identity.call(ones(1)).item<float>());
        doubling.remove();
        Assert.Equal(2f, identity.call(ones(1)).item<float>());
        Assert.Equal(2, calls);
    }

    [Fact]
    public void BatchNormWithoutMomentumAveragesAllBatches()
    {
        using var scope = NewDisposeScope();
        using BatchNorm2d norm = nn.BatchNorm2d(1);
        norm.momentum = null;
        foreach (float value in new[] { 2f, 4f, 9f })
            norm.call(full([2, 1, 2, 2], value));
        Assert.Equal(5f, norm.running_mean!.item<float>(), 1e-6f);
        Assert.Equal(3, norm.num_batches_tracked!.item<long>());
        norm.reset_running_stats();
        Assert.Equal(0f, norm.running_mean!.item<float>());
        Assert.Contains("2 dimensions", Assert.Throws<ArgumentException>(() => norm.call(ones(2, 2))).Message);
    }

    [Fact]
    public void SequentialsAreIndexedAndCut()
    {
        using var scope = NewDisposeScope();
        using Sequential all = nn.Sequential(("first", nn.Linear(2, 3)), ("second", nn.ReLU()), ("third", nn.Linear(3, 1)));
        Sequential tail = all[1..];
        Assert.Equal(["second", "third"], tail.named_children().Select(c => c.name));
        Assert.Same(all[2], tail[1]);
        Tensor x = ones(4, 2);
        Close.To(all.call(x), tail.call(((Linear)all[0]).call(x)), 0);
    }

    [Fact]
    public void ParametersSurviveTheScopeTheyWereMadeIn()
    {
        Block block;
        using (NewDisposeScope())
            block = new Block();
        Assert.All(block.state_dict().Values, tensor => Assert.False(tensor.IsInvalid));
        block.Dispose();
    }

    [Fact]
    public void ReplacedWeightsAreRegistered()
    {
        using Conv2d conv = nn.Conv2d(1, 1, 1);
        Parameter weight = nn.Parameter(ones(1, 1, 1, 1));
        conv.weight = weight;
        conv.bias = null;
        Assert.Equal(["weight"], conv.state_dict().Keys);
        Assert.Same(weight, conv.get_parameter("weight"));
    }

    [Fact]
    public void NothingIsLeftAlive() => LiveTensors.Unchanged(() =>
    {
        using Block block = new();
        using Sequential network = nn.Sequential(block, nn.Conv2d(3, 3, 3, padding: 1, padding_mode: PaddingModes.Reflect), nn.ReLU(true), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(12, 1));
        using SGD optimizer = optim.SGD(network.parameters(), 0.1, 0.9);
        using Tensor x = ones(2, 2, 4, 4);
        for (int i = 0; i < 3; i++)
        {
            optimizer.zero_grad();
            using Tensor y = network.call(x);
            using Tensor loss = y.sum();
            loss.backward();
            nn.utils.clip_grad_norm_(network.parameters(), 1);
            optimizer.step();
        }
        network.to(float64);
        network.zero_grad();
    });
}
