using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Training.Tests;

/// <summary>The toy's backbone has two stages: hidden and norm; output is its last layer.</summary>
public class FreezingTests
{
    [Theory]
    [InlineData(0, null, "hidden", "norm", "output")]
    [InlineData(1, null, "norm", "output")]
    [InlineData(2, null, "output")]
    [InlineData(0, "*.bias", "hidden", "norm", "output")]
    [InlineData(1, "norm.*", "output")]
    [InlineData(0, "output.*", "hidden", "norm")]
    public void Frozen_layers_stay_as_they_are_with_their_statistics(int stages, string? pattern, params string[] learning)
    {
        using TempFolder folder = new();
        using var scope = NewDisposeScope();
        using ToyTask task = new();
        var before = Weights(task.Model);
        new Trainer<ToyBatch>(task, TrainerTests.Options(folder) with { FreezeStages = stages, Freeze = pattern is null ? [] : [pattern] })
            .Run();

        string[] changed = [.. Weights(task.Model).Where(entry => !entry.Value.Equals(before[entry.Key])).Select(entry => entry.Key)];
        Assert.Equal(learning, changed.Select(name => name.Split('.')[0]).Distinct().Order());
        if (pattern == "*.bias") Assert.DoesNotContain(changed, name => name.EndsWith(".bias", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.AdamW)]
    public void Layers_thaw_at_their_epoch(OptimizerKind optimizer)
    {
        using TempFolder folder = new();
        using var scope = NewDisposeScope();
        using ToyTask task = new();
        Dictionary<int, Tensor> after = [];
        Recorder recorder = new()
        {
            OnStep = step => after[step.Step] = Weights(task.Model)["norm.running_mean"] + Weights(task.Model)["norm.weight"],
        };
        TrainerOptions options = TrainerTests.Options(folder) with { Optimizer = optimizer, FreezeStages = 2, ThawEpoch = 3, WeightDecay = 0.1 };
        new Trainer<ToyBatch>(task, options, recorder).Run();

        Assert.True(after[1].Equals(after[20]));
        Assert.False(after[20].Equals(after[21]));
    }

    [Fact]
    public void What_cannot_be_frozen_is_said()
    {
        Assert.Equal("Freeze has backbone.*, but no parameter of the model has such a name: they begin with hidden, norm, dropout, output.",
            MessageOf(options => options with { Freeze = ["norm.*", "backbone.*"] }));
        Assert.Equal("FreezeStages is 3, but the backbone has 2 stages.", MessageOf(options => options with { FreezeStages = 3 }));
        Assert.Equal("All layers are frozen, so there is nothing to train: freeze fewer.",
            MessageOf(options => options with { Freeze = ["*"] }));
        Assert.Equal("ThawEpoch is given, but nothing is frozen: give Freeze or FreezeStages, or leave it out.",
            MessageOf(options => options with { ThawEpoch = 2 }));
    }

    [Fact]
    public void Each_stage_has_its_part_of_the_rate()
    {
        using TempFolder folder = new();
        using var scope = NewDisposeScope();
        using ToyTask task = new() { StepsPerEpoch = 1 };
        var before = Weights(task.Model);
        // AdamW's first step is as long as the rate, whatever the gradient.
        new Trainer<ToyBatch>(task, TrainerTests.Options(folder) with
        {
            Optimizer = OptimizerKind.AdamW, Epochs = 1, WarmupSteps = 0, WeightDecay = 0, LearningRate = 0.01, LayerRateDecay = 0.5,
            BackboneRateFactor = 0.8,
        }).Run();

        var after = Weights(task.Model);
        foreach (var (name, factor) in new[] { ("hidden.weight", 0.2), ("norm.weight", 0.4), ("output.weight", 1.0) })
            Assert.Equal(0.01 * factor, (after[name] - before[name]).abs().max().item<float>(), 1e-4 * factor);
    }

    private static Dictionary<string, Tensor> Weights(nn.Module model) =>
        model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone());

    private static string MessageOf(Func<TrainerOptions, TrainerOptions> change)
    {
        using TempFolder folder = new();
        using ToyTask task = new();
        return Assert.Throws<InputException>(() => new Trainer<ToyBatch>(task, change(TrainerTests.Options(folder))).Run()).Message;
    }
}
