using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Training.Tests;

public class TrainerTests
{
    [Theory]
    [InlineData(OptimizerKind.Sgd, 0.05)]
    [InlineData(OptimizerKind.AdamW, 0.02)]
    public void Learns(OptimizerKind optimizer, double rate)
    {
        using TempFolder folder = new();
        using ToyTask task = new() { StepsPerEpoch = 50 };
        Recorder recorder = new();

        TrainingResult result = new Trainer<ToyBatch>(task, Options(folder) with { Optimizer = optimizer, LearningRate = rate }, recorder)
            .Run();

        Assert.True(result.Finished);
        Assert.Equal(3, result.EpochsDone);
        Assert.True(result.Best > 0.9, $"the best score is {result.Best}");
        Assert.Equal(150, recorder.Steps.Count);
        Assert.Equal(Enumerable.Range(1, 150), recorder.Steps.Select(step => step.Step));
        Assert.Equal([1, 2, 3], recorder.Epochs.Select(epoch => epoch.Epoch));
        Assert.InRange(recorder.Epochs[2].Loss, 0, 0.75 * recorder.Epochs[0].Loss);
        Assert.Equal(TimeSpan.Zero, recorder.Steps[^1].Remaining);
    }

    [Fact]
    public void Checkpoints_hold_weights_by_name_and_what_is_needed_to_use_them()
    {
        using TempFolder folder = new();
        using ToyTask task = new();
        new Trainer<ToyBatch>(task, Options(folder)).Run();

        foreach (string name in new[] { "last.safetensors", "best.safetensors" })
        {
            using var scope = NewDisposeScope();
            using ToyNet loaded = new();
            loaded.LoadWeights(WeightFile.Read(folder[name]), name);
            Assert.Equal("toy", WeightFile.ReadMetadata(folder[name])["model"]);
        }
        using var outer = NewDisposeScope();
        Assert.Equal(new ToyNet().state_dict().Keys.Order(), WeightFile.Read(folder["best.safetensors"]).Keys.Order());
        Assert.Contains("\"score\":", WeightFile.ReadMetadata(folder["best.safetensors"])["metrics"]);
    }

    [Fact]
    public void The_best_checkpoint_is_of_the_best_epoch()
    {
        using TempFolder folder = new();
        // From the second epoch on, training makes the network worse.
        using ToyTask task = new() { LossFactor = (epoch, _) => epoch == 0 ? 1 : -0.02 };
        Recorder recorder = new();

        TrainingResult result = new Trainer<ToyBatch>(task, Options(folder), recorder).Run();

        Assert.Equal([true, false, false], recorder.Epochs.Select(epoch => epoch.IsBest));
        Assert.Equal("1", WeightFile.ReadMetadata(folder["best.safetensors"])["epoch"]);
        Assert.Equal(recorder.Epochs[0].Validation.MainValue, result.Best);
    }

    [Fact]
    public void Long_gradients_are_shortened()
    {
        double ChangeWith(double? clip)
        {
            using TempFolder folder = new();
            using ToyTask task = new() { StepsPerEpoch = 1 };
            using var scope = NewDisposeScope();
            Tensor before = task.Model.parameters().First().detach().clone();
            new Trainer<ToyBatch>(task, Options(folder) with { Epochs = 1, WarmupSteps = 0, WeightDecay = 0, ClipGradientNorm = clip })
                .Run();
            return (task.Model.parameters().First() - before).norm().item<float>();
        }

        Assert.InRange(ChangeWith(0.001), 1e-9, 0.05 * 0.001 * 1.01);
        Assert.True(ChangeWith(null) > 0.001);
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public void A_loss_that_is_not_finite_stops_with_the_files(double factor, string value)
    {
        using TempFolder folder = new();
        using ToyTask task = new() { LossFactor = (epoch, index) => (epoch, index) == (1, 2) ? factor : 1 };
        Trainer<ToyBatch> trainer = new(task, Options(folder));

        InputException e = Assert.Throws<InputException>(() => trainer.Run());

        Assert.Equal($"Training stopped at step 13 (epoch 2): loss_sum is {value}. All layers have finite outputs, so it began in the "
            + "loss itself. Images of the batch: 1-2a.jpg, 1-2b.jpg. "
            + $"Check their annotations, lower the learning rate, or clip the gradients. {folder["last.safetensors"]} still holds the " +
                "run as it was before.", e.Message);
        Assert.Equal("1", WeightFile.ReadMetadata(folder["last.safetensors"])["epoch"]);
    }

    [Fact]
    public void Weights_that_are_not_finite_are_not_saved()
    {
        using TempFolder folder = new();
        using ToyTask task = new() { StepsPerEpoch = 1, LossFactor = (_, _) => 1e4 };

        InputException e = Assert.Throws<InputException>(() =>
            new Trainer<ToyBatch>(task, Options(folder) with { LearningRate = 3e38, WarmupSteps = 0 }).Run());

        Assert.StartsWith("Training diverged: the weight ", e.Message);
        Assert.False(File.Exists(folder["last.safetensors"]));
        Assert.False(File.Exists(folder["best.safetensors"]));
    }

    [Fact]
    public void A_folder_that_holds_a_run_is_not_overwritten()
    {
        using TempFolder folder = new();
        using ToyTask task = new();
        new Trainer<ToyBatch>(task, Options(folder)).Run();
        byte[] before = File.ReadAllBytes(folder["last.safetensors"]);

        InputException e = Assert.Throws<InputException>(() => new Trainer<ToyBatch>(task, Options(folder)).Run());

        Assert.Equal($"{folder.Path} already holds a run: resume it, or choose another folder.", e.Message);
        Assert.Equal(before, File.ReadAllBytes(folder["last.safetensors"]));
    }

    [Fact]
    public void Training_needs_batches()
    {
        using TempFolder folder = new();
        using ToyTask empty = new() { StepsPerEpoch = 0 };
        Assert.Equal("There are no training images.",
            Assert.Throws<InputException>(() => new Trainer<ToyBatch>(empty, Options(folder))).Message);
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.AdamW)]
    public void The_backbone_has_its_part_of_the_rate(OptimizerKind optimizer)
    {
        using TempFolder folder = new();
        using var scope = NewDisposeScope();
        using ToyTask task = new() { StepsPerEpoch = 1 };
        nn.Module model = task.Model;
        Dictionary<string, Tensor> before = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());

        new Trainer<ToyBatch>(task, Options(folder) with { Optimizer = optimizer, Epochs = 1, WarmupSteps = 0, WeightDecay = 0,
            BackboneRateFactor = 1e-3, LearningRate = 0.01 }).Run();

        // The toy's backbone is its first layer. AdamW's first step is as long as the rate, whatever the gradient.
        Tensor inside = (model.state_dict()["hidden.weight"] - before["hidden.weight"]).abs().max(),
            outside = (model.state_dict()["output.weight"] - before["output.weight"]).abs().max();
        Assert.InRange(inside.item<float>(), 1e-9f, optimizer == OptimizerKind.AdamW ? 1.1e-5f : 1e-3f);
        Assert.True(outside.item<float>() > 20 * inside.item<float>());
    }

    internal static TrainerOptions Options(TempFolder folder) => new()
    {
        Folder = folder.Path, Epochs = 3, LearningRate = 0.05, WarmupSteps = 5, CheckpointInterval = TimeSpan.FromHours(1),
        LogEverySteps = 2,
    };
}
