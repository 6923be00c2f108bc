using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Backbones.Tests;

/// <summary>What holds for every family, whatever torchvision does.</summary>
public class FamilyTests
{
    public static TheoryData<string> Small => Families.Small;

    [Trait("Category", "Slow")]
    [Theory, MemberData(nameof(Small))]
    public void EveryParameterGetsAGradient(string name)
    {
        using var scope = NewDisposeScope();
        using Backbone model = Create(name, new BackboneOptions { NumClasses = 3, StochasticDepth = 0 });
        model.call(randn(2, 3, 64, 64)).square().sum().backward();
        foreach (var (key, parameter) in model.named_parameters())
            Assert.True(parameter.grad is { } gradient && gradient.abs().sum().item<float>() > 0, $"{key} has no gradient.");
    }

    [Theory, MemberData(nameof(Small))]
    public void TheLastFourStagesFeedAPyramid(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var pyramid = new BackboneWithFpn(Create(name, new BackboneOptions { NumClasses = 0 }), new FpnOptions { OutChannels = 16 });
        pyramid.eval();
        Tensor[] levels = pyramid.call(zeros(1, 3, 128, 192));
        Assert.Equal([4, 8, 16, 32, 64], levels.Select(level => 128 / (int)level.shape[2]));
        Assert.All(levels, level => Assert.Equal(16, level.shape[1]));
    }

    // Excitations (regnet_y, mobilenet_v3, efficientnet) average over other pixels in a dilated network, and Swin cannot dilate.
    [Theory]
    [InlineData("regnet_x_400mf", 8), InlineData("mobilenet_v2", 8), InlineData("densenet121", 8), InlineData("vgg11_bn", 8),
        InlineData("convnext_tiny", 8)]
    [InlineData("regnet_x_400mf", 16), InlineData("mobilenet_v2", 16), InlineData("densenet121", 16), InlineData("vgg11", 16),
        InlineData("convnext_tiny", 16)]
    public void ADilatedNetworkSubsampledIsTheStridedOne(string name, int outputStride)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using Backbone strided = Create(name, new BackboneOptions { NumClasses = 0 });
        using Backbone dilated = Create(name, new BackboneOptions { NumClasses = 0, OutputStride = outputStride });
        dilated.load_state_dict(strided.state_dict());
        Tensor images = randn(1, 3, 64, 128);
        strided.eval();
        dilated.eval();
        Tensor[] coarse = strided.forward_features(images, -3, -2, -1), fine = dilated.forward_features(images, -3, -2, -1);
        for (int i = 0; i < 3; i++)
        {
            int reduction = strided.Stages[i - 3 + strided.Stages.Count].Reduction;
            int step = Math.Max(1, reduction / outputStride);
            Assert.Equal(Math.Min(reduction, outputStride), dilated.Stages[i - 3 + strided.Stages.Count].Reduction);
            Assert.Equal(128 / Math.Min(reduction, outputStride), fine[i].shape[3]);
            Close.To(fine[i].slice(2, 0, fine[i].shape[2], step).slice(3, 0, fine[i].shape[3], step), coarse[i], 1e-5, $"stage {i - 3}");
        }
    }

    [Theory]
    [InlineData("regnet_y_400mf"), InlineData("mobilenet_v2"), InlineData("mobilenet_v3_small"), InlineData("efficientnet_v2_s"),
        InlineData("densenet121"), InlineData("vgg11_bn")]
    public void NormsCanBeGroupNorms(string name)
    {
        using var scope = NewDisposeScope();
        using Backbone model = Create(name, new BackboneOptions { NumClasses = 3, Norm = NormKind.GroupNorm });
        Assert.DoesNotContain(model.named_buffers(), buffer => buffer.name.Contains("running"));
        Assert.True(model.call(randn(1, 3, 64, 64)).isfinite().all().item<bool>());
    }

    [Theory]
    [InlineData("convnext_tiny", "ConvNeXt has LayerNorm2d by design, but BatchNorm was requested; leave Norm null.")]
    [InlineData("swin_t", "SwinTransformer has LayerNorm2d by design, but BatchNorm was requested; leave Norm null.")]
    [InlineData("vgg11", "VGG without the suffix _bn has no normalization, but BatchNorm was requested; leave Norm null.")]
    public void AnotherNormThanTheOwnIsRefused(string name, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => Create(name, new BackboneOptions { Norm = NormKind.BatchNorm }));
        Assert.StartsWith(message, error.Message);
    }

    [Fact]
    public void SwinRefusesAnOutputStride()
    {
        var error = Assert.Throws<ArgumentException>(() => Create("swin_t", new BackboneOptions { OutputStride = 16 }));
        Assert.StartsWith("SwinTransformer cannot have output stride 16", error.Message);
    }

    [Theory]
    [InlineData("densenet121"), InlineData("vgg11")]
    public void ANetworkWithoutBranchesRefusesStochasticDepth(string name) =>
        Assert.Throws<ArgumentException>(() => Create(name, new BackboneOptions { StochasticDepth = 0.1 }));

    [Theory]
    [InlineData("convnext_tiny"), InlineData("swin_t")]
    public void WithoutStochasticDepthTrainingIsEvaluation(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using Backbone still = Create(name, new BackboneOptions { NumClasses = 3, StochasticDepth = 0 });
        using Backbone random = Create(name, new BackboneOptions { NumClasses = 3, StochasticDepth = 0.9 });
        random.load_state_dict(still.state_dict());
        Tensor images = randn(2, 3, 64, 64);
        still.eval();
        random.eval();
        Tensor evaluated = still.call(images);
        Close.To(random.call(images), evaluated, 0);
        still.train();
        random.train();
        Close.To(still.call(images), evaluated, 0);
        Assert.False(random.call(images).allclose(evaluated));
    }

    [Trait("Category", "Slow")]
    [Theory]
    [InlineData("regnet_y_400mf"), InlineData("mobilenet_v2"), InlineData("efficientnet_b0"), InlineData("densenet121"),
        InlineData("vgg11_bn"), InlineData("convnext_tiny"), InlineData("swin_t")]
    public void CheckpointingChangesNoGradient(string name)
    {
        using var scope = NewDisposeScope();
        // Where there are branches to leave out, the random draws must come again too.
        BackboneOptions options = new() { NumClasses = 0, StochasticDepth = name is "densenet121" or "vgg11_bn" ? null : 0.5 };
        using Backbone plain = Create(name, options);
        using Backbone checkpointed = Create(name, options with { Checkpointing = true });
        Tensor images = randn(2, 3, 64, 64);
        foreach (Backbone model in (Backbone[])[plain, checkpointed])
        {
            random.manual_seed(4);
            model.call(images).square().sum().backward();
        }
        foreach (var (key, parameter) in plain.named_parameters())
            Close.To(checkpointed.get_parameter(key)!.grad!, parameter.grad!, 1e-4, key);
        foreach (var (key, buffer) in plain.named_buffers()) Close.To(checkpointed.get_buffer(key)!, buffer, 1e-6, key);
    }

    [Theory, MemberData(nameof(Small))]
    public void ImagesCanHaveOneChannel(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using Backbone model = Create(name, new BackboneOptions { NumClasses = 0, InputChannels = 1 });
        model.eval();
        Assert.Equal([1, model.Stages[^1].Channels, 2, 3], model.forward_features(zeros(1, 1, 64, 96), -1)[0].shape);
    }

    [Trait("Category", "Slow")]
    [Theory, MemberData(nameof(Small))]
    public void FrozenStagesHaveNoGradient(string name)
    {
        using var scope = NewDisposeScope();
        using Backbone model = Create(name, new BackboneOptions { NumClasses = 3, StochasticDepth = 0 });
        model.FreezeStages(2);
        model.train();
        model.call(randn(2, 3, 64, 64)).sum().backward();
        string[] trained = [.. model.named_parameters().Where(entry => entry.parameter.grad is not null).Select(entry => entry.name)];
        string[] all = [.. model.named_parameters().Select(entry => entry.name)];
        // Frozen is a beginning of the network, as far as the second stage's end, and nothing after it.
        int frozen = all.Length - trained.Length;
        Assert.Equal(all[frozen..], trained);
        Assert.StartsWith(model.Stages[1].Name + ".", all[frozen - 1]);
    }

    [Trait("Category", "Slow")]
    [Theory, MemberData(nameof(Small))]
    public void NoTensorIsLeftBehind(string name)
    {
        using Backbone model = Create(name, new BackboneOptions { NumClasses = 3 });
        LiveTensors.Unchanged(() =>
        {
            using Tensor x = randn(2, 3, 64, 64);
            using Tensor logits = model.call(x);
            foreach (Tensor stage in model.forward_features(x, -3, -1)) stage.Dispose();
        });
    }

    // Seeded, so that a test fails always or never; and with norms and layer scales that matter.
    private static Backbone Create(string name, BackboneOptions options)
    {
        random.manual_seed(1);
        Backbone model = BackboneRegistry.Create(name, options);
        Families.MoveNormsOffIdentity(model);
        return model;
    }
}
