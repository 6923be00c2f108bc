using TorchSharp;
using TorchSharp.Modules;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Interop.Tests;

/// <summary>Optimizers against PyTorch's, and a resumed run against one that went through.</summary>
public class OptimizerTests
{
    private static readonly PeerTensors peer = new("interop_optimizers.py");

    private static readonly Dictionary<string, Func<Parameter[], OptimizerHelper>> makers = new()
    {
        ["sgd"] = p => optim.SGD(p, 0.1),
        ["sgd_momentum"] = p => optim.SGD(p, 0.1, 0.9, weight_decay: 1e-2),
        ["sgd_dampening"] = p => optim.SGD(p, 0.1, 0.9, 0.3, 1e-2, maximize: true),
        ["sgd_nesterov"] = p => optim.SGD(p, 0.1, 0.9, nesterov: true),
        ["sgd_groups"] = p => optim.SGD([new SGD.ParamGroup(p[..1], new SGD.Options { LearningRate = 0.02, weight_decay = 0 }), new SGD.ParamGroup { Parameters = p[1..] }], 0.1, 0.9, weight_decay: 1e-2),
        ["adam"] = p => optim.Adam(p, 0.05),
        ["adam_amsgrad"] = p => optim.Adam(p, 0.05, 0.8, 0.9, 1e-4, 1e-2, true),
        ["adamw"] = p => optim.AdamW(p, 0.05, weight_decay: 1e-2),
        ["adamw_amsgrad"] = p => optim.AdamW(p, 0.05, weight_decay: 1e-2, amsgrad: true, maximize: true),
    };

    public static TheoryData<string> Names => [.. makers.Keys];

    private static Parameter[] Start(IEnumerable<Tensor> values) => [.. values.Select(value => nn.Parameter(value.clone().detach()))];

    private static void Step(OptimizerHelper optimizer, Parameter[] parameters, int step)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        Parameter[] used = step >= 3 ? parameters : parameters[..2];
        used.Select((parameter, i) => (parameter.sin() * (i + 1 + 0.1 * step)).sum()).Aggregate((a, b) => a + b).backward();
        optimizer.step();
    }

    [SkippableTheory, MemberData(nameof(Names))]
    public void TenStepsEqualPyTorchs(string name)
    {
        using var scope = NewDisposeScope();
        Parameter[] parameters = Start(Enumerable.Range(0, 3).Select(i => peer[$"{name}/start/{i}"]));
        using OptimizerHelper optimizer = makers[name](parameters);
        for (int step = 0; step < 10; step++)
            Step(optimizer, parameters, step);
        for (int i = 0; i < 3; i++)
            Close.To(parameters[i], peer[$"{name}/end/{i}"], 1e-6, $"parameter {i}");
    }

    [Theory, MemberData(nameof(Names))]
    public void AResumedRunGoesOnAsIfNeverStopped(string name)
    {
        using var scope = NewDisposeScope();
        manual_seed(0);
        Tensor[] start = [randn(3, 4), randn(5), randn(2, 2)];
        Parameter[] whole = Start(start);
        using OptimizerHelper through = makers[name](whole);
        using MemoryStream saved = new();
        Parameter[] halfway = [];
        for (int step = 0; step < 10; step++)
        {
            if (step == 2)
            {
                through.ParamGroups.Last().LearningRate *= 0.5;
                using (BinaryWriter writer = new(saved, System.Text.Encoding.UTF8, true))
                    through.save_state_dict(writer);
                halfway = Start(whole);
            }
            Step(through, whole, step);
        }

        using OptimizerHelper resumed = makers[name](halfway);
        saved.Position = 0;
        resumed.load_state_dict(new BinaryReader(saved));
        Assert.Equal(through.ParamGroups.Select(g => (g.LearningRate, g.InitialLearningRate)), resumed.ParamGroups.Select(g => (g.LearningRate, g.InitialLearningRate)));
        // The gradient that the third parameter has not had yet is no part of the state; nor are the two others', which every step zeroes.
        for (int step = 2; step < 10; step++)
            Step(resumed, halfway, step);
        for (int i = 0; i < 3; i++)
            Close.To(halfway[i], whole[i], 0, $"parameter {i}");
        Assert.Equal(saved.Length, saved.Position);
    }

    [Fact]
    public void StatesOfOtherOptimizersAreRefused()
    {
        using var scope = NewDisposeScope();
        Parameter[] parameters = Start([ones(2), ones(3)]);
        using MemoryStream saved = new();
        using SGD sgd = optim.SGD(parameters, 0.1, 0.9);
        sgd.save_state_dict(new BinaryWriter(saved));

        using AdamW adamW = optim.AdamW(parameters);
        saved.Position = 0;
        Assert.Contains("SGD, not AdamW", Assert.Throws<InvalidDataException>(() => adamW.load_state_dict(new BinaryReader(saved))).Message);
        using SGD smaller = optim.SGD(parameters[..1], 0.1, 0.9);
        saved.Position = 0;
        Assert.Contains("together 2 parameters", Assert.Throws<InvalidDataException>(() => smaller.load_state_dict(new BinaryReader(saved))).Message);
        Assert.Throws<ArgumentException>(() => sgd.add_param_group(new SGD.ParamGroup { Parameters = parameters[..1] }));
    }

    [Fact]
    public void AStepWithAClosureReturnsItsLoss()
    {
        using var scope = NewDisposeScope();
        Parameter[] parameters = Start([ones(2)]);
        using SGD sgd = optim.SGD(parameters, 0.5);
        Tensor loss = sgd.step(() =>
        {
            Tensor sum = parameters[0].sum();
            sum.backward();
            return sum;
        })!;
        Assert.Equal(2f, loss.item<float>());
        Assert.Equal([0.5f, 0.5f], parameters[0].data<float>().ToArray());
    }

    [SkippableTheory, InlineData(2.0, "2.0"), InlineData(1.0, "1.0"), InlineData(double.PositiveInfinity, "inf")]
    public void ClippingEqualsPyTorchs(double norm, string name)
    {
        using var scope = NewDisposeScope();
        Parameter[] parameters = Start([zeros(3, 4), zeros(5)]);
        for (int i = 0; i < 2; i++)
            parameters[i].grad = peer[$"clip_{name}/before/{i}"].clone();
        Assert.Equal(peer[$"clip_{name}/norm"].item<float>(), nn.utils.clip_grad_norm_(parameters, 0.7, norm), 1e-5);
        for (int i = 0; i < 2; i++)
            Close.To(parameters[i].grad!, peer[$"clip_{name}/after/{i}"], 1e-6);
        nn.utils.clip_grad_value_(parameters, 0.01);
        Assert.Equal(0.01f, parameters[0].grad!.abs().max().item<float>());
    }

    public static TheoryData<string> Initialisers => ["kaiming_normal_", "kaiming_uniform_", "xavier_normal_", "xavier_uniform_", "normal_", "uniform_", "trunc_normal_"];

    [SkippableTheory, MemberData(nameof(Initialisers))]
    public void InitialValuesEqualPyTorchs(string name)
    {
        using var scope = NewDisposeScope();
        Tensor expected = peer[name];
        Tensor tensor = empty(expected.shape);
        manual_seed(4);
        _ = name switch
        {
            "kaiming_normal_" => nn.init.kaiming_normal_(tensor, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU),
            "kaiming_uniform_" => nn.init.kaiming_uniform_(tensor, 1),
            "xavier_normal_" => nn.init.xavier_normal_(tensor, 2),
            "xavier_uniform_" => nn.init.xavier_uniform_(tensor),
            "normal_" => nn.init.normal_(tensor, 1, 0.5),
            "uniform_" => nn.init.uniform_(tensor, -2, 3),
            _ => nn.init.trunc_normal_(tensor, 0.5, 2, -1, 3),
        };
        Close.To(tensor, expected, 1e-6);
    }

    [Fact]
    public void TruncatedNormalValuesEndAtTheirBounds()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        // Among so many uniform numbers is one whose normal value is minus infinity.
        Tensor values = nn.init.trunc_normal_(empty(1 << 26), std: 0.02);
        Assert.Equal(-2, values.min().item<float>());
        Assert.InRange(values.max().item<float>(), 0.09f, 0.15f);
        Assert.Equal(0.02, values.std().item<float>(), 1e-5);
    }
}
