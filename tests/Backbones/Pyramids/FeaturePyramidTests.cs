using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Backbones.Tests;

public class FeaturePyramidTests
{
    [SkippableTheory]
    [InlineData(ExtraLevels.Pooled, "pool", null, 4)]
    [InlineData(ExtraLevels.ConvolvedFromC5, "c5", null, 5)]
    [InlineData(ExtraLevels.ConvolvedFromP5, "p5", null, 5)]
    [InlineData(ExtraLevels.None, "none", NormKind.BatchNorm, 3)]
    public void LevelsGradientsAndKeysAreTorchvisions(ExtraLevels extra, string peerExtra, NormKind? norm, int count)
    {
        using var folder = new TempFolder();
        Peer.Run("fpn.py", folder["out.pth"], folder["keys.txt"], peerExtra, norm is null ? "none" : "batch");
        using var scope = NewDisposeScope();
        var expected = WeightFile.Read(folder["out.pth"]);

        random.manual_seed(9);
        using var pyramid = new FeaturePyramid([8, 16, 32], new FpnOptions { OutChannels = 24, Extra = extra, Norm = norm });
        Close.To(rand(4), expected["random"], 0, "the random numbers after the weights");
        Tensor[] levels = pyramid.call([expected["stage0"], expected["stage1"], expected["stage2"]]);
        Assert.Equal(count, levels.Length);
        for (int i = 0; i < levels.Length; i++) Close.To(levels[i], expected[$"level{i}"], 1e-5, $"level {i}");

        levels.Select(level => (level * linspace(-1, 1, level.numel()).view_as(level)).sum())
            .Aggregate((sum, value) => sum + value).backward();
        foreach (var (name, parameter) in pyramid.named_parameters())
        {
            Close.To(parameter, expected[$"weight.{name}"], 0, name);
            Close.To(parameter.grad!, expected[$"grad.{name}"], 1e-4, $"gradient of {name}");
        }
        if (extra != ExtraLevels.Pooled) return;

        using var backbone = new BackboneWithFpn(BackboneRegistry.Create("resnet50", new BackboneOptions { NumClasses = 0 }));
        Assert.Equal(
            File.ReadLines(folder["keys.txt"]).Order(StringComparer.Ordinal),
            backbone.state_dict().Select(entry => $"{entry.Key} [{string.Join(", ", entry.Value.shape)}]").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void LevelsOfABackboneHaveItsStrides()
    {
        using var scope = NewDisposeScope();
        using var backbone = Small(new FpnOptions { OutChannels = 32 });
        Tensor[] levels = backbone.call(zeros(1, 3, 128, 192));
        Assert.Equal([4, 8, 16, 32, 64], levels.Select(level => 128 / (int)level.shape[2]));
        Assert.All(levels, level => Assert.Equal(32, level.shape[1]));
    }

    [Fact]
    public void APyramidOnThreeStagesLeavesTheFinestOut()
    {
        using var scope = NewDisposeScope();
        using var backbone = Small(new FpnOptions { OutChannels = 32, Stages = 3, Extra = ExtraLevels.ConvolvedFromP5 });
        Tensor[] levels = backbone.call(zeros(1, 3, 128, 256));
        Assert.Equal([8, 16, 32], backbone.Strides);
        Assert.Equal([8, 16, 32, 64, 128], levels.Select(level => 128 / (int)level.shape[2]));
    }

    [Fact]
    public void MoreStagesThanTheBackboneHasAreRefused() =>
        Assert.Contains("5 stages", Assert.Throws<ArgumentException>(() => Small(new FpnOptions { Stages = 6 })).Message);

    [Theory]
    [InlineData(PyramidFusion.Sum), InlineData(PyramidFusion.Mean)]
    public void LevelsMergeByTheirSumOrMeanAndAgainOnTheWayDown(PyramidFusion fusion)
    {
        // With identities for convolutions a level is plainly the merge of what it stands on.
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var pyramid = new FeaturePyramid([1, 1],
            new FpnOptions { OutChannels = 1, Extra = ExtraLevels.None, Fusion = fusion, BottomUp = true });
        foreach (var (_, parameter) in pyramid.named_parameters())
        {
            parameter.zero_();
            if (parameter.dim() == 4) parameter[0, 0, (int)parameter.shape[2] / 2, (int)parameter.shape[3] / 2] = 1;
        }
        Tensor[] levels = pyramid.call([full([1, 1, 4, 6], 2f), full([1, 1, 2, 3], 10f)]);
        float fine = fusion == PyramidFusion.Sum ? 12 : 6, coarse = fusion == PyramidFusion.Sum ? 22 : 8;
        Close.To(levels[0], full([1, 1, 4, 6], fine), 0, "the fine level");
        Close.To(levels[1], full([1, 1, 2, 3], coarse), 0, "the coarse level");
    }

    [Fact]
    public void EveryParameterOfABottomUpPathGetsAGradient()
    {
        using var scope = NewDisposeScope();
        using var backbone = Small(new FpnOptions { OutChannels = 32, BottomUp = true, Norm = NormKind.GroupNorm,
            Fusion = PyramidFusion.Mean, Extra = ExtraLevels.ConvolvedFromC5 });
        backbone.call(rand(1, 3, 64, 64)).Select(level => level.square().sum()).Aggregate((sum, value) => sum + value).backward();
        Assert.All(backbone.named_parameters(), entry =>
            Assert.True(entry.parameter.grad is not null && entry.parameter.grad.isfinite().all().item<bool>(), entry.name));
    }

    [Fact]
    public void NoTensorIsLeftBehind()
    {
        using var backbone = Small(new FpnOptions { OutChannels = 32, BottomUp = true, Extra = ExtraLevels.ConvolvedFromC5 });
        LiveTensors.Unchanged(() =>
        {
            using Tensor x = zeros(1, 3, 64, 64);
            foreach (Tensor level in backbone.call(x)) level.Dispose();
        });
    }

    private static BackboneWithFpn Small(FpnOptions options) =>
        new(BackboneRegistry.Create("resnet18", new BackboneOptions { NumClasses = 0 }), options);
}
