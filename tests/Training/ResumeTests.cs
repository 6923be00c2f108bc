using System.Text.RegularExpressions;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Training.Tests;

/// <summary>A run that was stopped and resumed ends as one that was not: to the last byte of its checkpoints and metrics.</summary>
public class ResumeTests
{
    private sealed class Killed : Exception;

    [Theory]
    [InlineData(OptimizerKind.Sgd, true)]       // the checkpoint is of the step before
    [InlineData(OptimizerKind.Sgd, false)]      // the checkpoint is of the end of the first epoch
    [InlineData(OptimizerKind.AdamW, true)]
    public void After_a_kill_in_the_middle_of_an_epoch(OptimizerKind optimizer, bool savesEveryStep)
    {
        using TempFolder whole = new(), killed = new();
        TrainerOptions options = TrainerTests.Options(whole) with { Optimizer = optimizer,
            CheckpointInterval = savesEveryStep ? TimeSpan.Zero : TimeSpan.FromHours(1) };
        Train(options);
        TrainerOptions again = options with { Folder = killed.Path };
        Assert.Throws<Killed>(() => Train(again,
            new() { BeforeStep = (epoch, index) => { if ((epoch, index) == (1, 7)) throw new Killed(); } }));

        Recorder recorder = new();
        using ToyTask task = new();
        new Trainer<ToyBatch>(task, again with { Resume = true }, recorder).Run();

        Assert.Equal(savesEveryStep ? 17 : 10, recorder.FirstStep);
        Assert.True(task.IsChannelsLast);
        AssertSame(whole, killed);
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd, "momentum_buffer")]
    [InlineData(OptimizerKind.AdamW, "exp_avg", "exp_avg_sq")]
    public void The_optimizers_memory_is_in_the_file_under_the_names_of_the_weights(OptimizerKind optimizer, params string[] kinds)
    {
        using TempFolder folder = new();
        using var scope = NewDisposeScope();
        Train(TrainerTests.Options(folder) with { Optimizer = optimizer });

        Dictionary<string, Tensor> tensors = WeightFile.Read(folder["last.safetensors"]);
        using ToyTask task = new();
        foreach (var (name, parameter) in task.Model.named_parameters())
            foreach (string kind in kinds)
                Assert.Equal(parameter.shape, tensors[$"trainer.optimizer.{name}.{kind}"].shape);
        var metadata = WeightFile.ReadMetadata(folder["last.safetensors"]);
        Assert.Contains($"\"weight_decay\":0.0001", metadata["trainer.optimizer.groups"]);
        Assert.Equal(optimizer == OptimizerKind.AdamW, metadata["trainer.optimizer.steps"].Contains("\"hidden.weight\":30"));
    }

    [Fact]
    public void A_run_that_an_older_version_began_is_not_resumed()
    {
        using TempFolder folder = new();
        using var scope = NewDisposeScope();
        TrainerOptions options = TrainerTests.Options(folder);
        Train(options);
        string last = folder["last.safetensors"];
        // As it was: the state of all parameters in one run of bytes.
        Dictionary<string, Tensor> tensors = WeightFile.Read(last);
        var metadata = WeightFile.ReadMetadata(last).Where(entry => !entry.Key.StartsWith("trainer.optimizer", StringComparison.Ordinal));
        WeightFile.WriteSafetensors(last,
            new Dictionary<string, Tensor>(tensors.Where(entry => !entry.Key.StartsWith("trainer.optimizer", StringComparison.Ordinal)))
        {
            ["trainer.optimizer"] = zeros(100, uint8),
        }, new Dictionary<string, string>(metadata));

        Assert.Equal(
            $"{last} cannot be resumed: an older version of Vision wrote its training state. A new run can start from its weights.",
            MessageFor(options));
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.AdamW)]
    public void Other_trained_parameters_are_refused(OptimizerKind optimizer)
    {
        using TempFolder folder = new();
        TrainerOptions options = TrainerTests.Options(folder) with { Optimizer = optimizer };
        Train(options);
        ToyTask frozen = new();
        frozen.BackboneStages[0][0].requires_grad = false;

        Assert.StartsWith($"{folder["last.safetensors"]} cannot be resumed: its run trained other parameters than this one (hidden.weight.",
            MessageFor(options, frozen));
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.AdamW)]
    public void With_a_rate_of_its_own_for_the_backbone(OptimizerKind optimizer)
    {
        using TempFolder whole = new(), killed = new(), plain = new();
        TrainerOptions options = TrainerTests.Options(whole) with { Optimizer = optimizer, BackboneRateFactor = 0.1,
            CheckpointInterval = TimeSpan.Zero };
        Train(options);
        TrainerOptions again = options with { Folder = killed.Path };
        Assert.Throws<Killed>(() => Train(again,
            new() { BeforeStep = (epoch, index) => { if ((epoch, index) == (1, 7)) throw new Killed(); } }));

        Assert.Contains("BackboneRateFactor was 0.1 and is now 0.5", MessageFor(again with { BackboneRateFactor = 0.5 }));
        Train(again with { Resume = true });

        AssertSame(whole, killed);
        Train(options with { Folder = plain.Path, BackboneRateFactor = 1 });
        Assert.NotEqual(File.ReadAllBytes(plain["best.safetensors"]), File.ReadAllBytes(whole["best.safetensors"]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    public void After_a_kill_in_the_evaluation(int? preciseBatchNorm)
    {
        using TempFolder whole = new(), killed = new();
        TrainerOptions options = TrainerTests.Options(whole);
        options = options with { CheckpointInterval = TimeSpan.Zero, PreciseBatchNorm = preciseBatchNorm };
        Train(options);
        int evaluations = 0;
        Assert.Throws<Killed>(() => Train(options with { Folder = killed.Path },
            new() { BeforeEvaluation = () => { if (++evaluations == 2) throw new Killed(); } }));

        Train(options with { Folder = killed.Path, Resume = true });

        AssertSame(whole, killed);
    }

    [Theory]
    [InlineData(14, null)]
    [InlineData(20, null)]        // the last step of an epoch: its evaluation is still to come
    [InlineData(20, 3)]           // and the statistics before it
    public void After_a_cancellation(int step, int? preciseBatchNorm)
    {
        using TempFolder whole = new(), canceled = new();
        TrainerOptions options = TrainerTests.Options(whole) with { PreciseBatchNorm = preciseBatchNorm };
        Train(options);
        using CancellationTokenSource source = new();
        Recorder recorder = new() { OnStep = report => { if (report.Step == step) source.Cancel(); } };

        TrainingResult result = Train(options with { Folder = canceled.Path }, progress: recorder, cancellation: source.Token);
        Assert.Equal((false, 1), (result.Finished, result.EpochsDone));
        Assert.Equal(step, recorder.Steps.Count);
        Recorder rest = new();
        result = Train(options with { Folder = canceled.Path, Resume = true }, progress: rest);

        Assert.True(result.Finished);
        Assert.Equal(step, rest.FirstStep);
        AssertSame(whole, canceled);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    public void After_a_cancellation_in_the_evaluation(int? preciseBatchNorm)
    {
        using TempFolder whole = new(), canceled = new();
        TrainerOptions options = TrainerTests.Options(whole) with { PreciseBatchNorm = preciseBatchNorm };
        Train(options);
        using CancellationTokenSource source = new();

        TrainingResult result = Train(options with { Folder = canceled.Path }, new() { BeforeEvaluation = source.Cancel },
            cancellation: source.Token);
        Assert.Equal((false, 0), (result.Finished, result.EpochsDone));
        Train(options with { Folder = canceled.Path, Resume = true });

        AssertSame(whole, canceled);
    }

    [Fact]
    public void A_finished_run_has_nothing_left_to_do()
    {
        using TempFolder folder = new();
        TrainerOptions options = TrainerTests.Options(folder);
        TrainingResult first = Train(options);
        byte[] before = File.ReadAllBytes(folder["last.safetensors"]);

        Assert.Equal(first, Train(options with { Resume = true }));
        Assert.Equal(before, File.ReadAllBytes(folder["last.safetensors"]));
    }

    [Fact]
    public void A_torn_line_and_a_torn_checkpoint_of_a_killed_process_are_cleared_away()
    {
        using TempFolder whole = new(), killed = new();
        TrainerOptions options = TrainerTests.Options(whole);
        Train(options);
        TrainerOptions again = options with { Folder = killed.Path };
        Assert.Throws<Killed>(() => Train(again, new() { BeforeStep = (epoch, _) => { if (epoch == 1) throw new Killed(); } }));
        File.AppendAllText(killed["metrics.jsonl"], "{\"kind\":\"step\",\"epoch\":2,\"st");
        killed.Write(".last.safetensors.0123.tmp", "half");

        Train(again with { Resume = true });

        AssertSame(whole, killed);
        Assert.False(File.Exists(killed[".last.safetensors.0123.tmp"]));
    }

    /// <summary>Everything that has a state, killed at steps and in evaluations drawn at random, and resumed each time.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void With_all_that_has_a_state(int seed)
    {
        using TempFolder whole = new(), killed = new();
        TrainerOptions options = TrainerTests.Options(whole) with
        {
            Epochs = 5, Accumulate = 3, AverageDecay = 0.95, Precision = seed == 1 ? TrainingPrecision.Float16 : TrainingPrecision.BFloat16,
            Schedule = ScheduleKind.Plateau, PlateauPatience = 1, EarlyStopping = 2, SaveTop = 2, FreezeStages = 1, ThawEpoch = 3,
            LayerRateDecay = 0.8, ClipGradientNorm = 1, PreciseBatchNorm = 2, CheckpointInterval = TimeSpan.Zero,
            Optimizer = seed == 3 ? OptimizerKind.AdamW : OptimizerKind.Sgd,
        };
        double Score(int evaluation) => new[] { 0.3, 0.2, 0.2, 0.5, 0.5, 0.4, 0.3, 0.3, 0.2, 0.2 }[evaluation];
        Recorder first = new();
        Train(options, new() { Score = Score }, first);
        Assert.Equal([1, 2, 3, 4], first.Epochs.Select(epoch => epoch.Epoch));        // and then it stops early

        Random random = new(seed);
        int kills = 0, epochs = 0;
        for (bool finished = false; !finished;)
        {
            double perStep = 0.08, perEvaluation = 0.1;
            int evaluated = 2 * epochs;
            ToyTask task = new()
            {
                BeforeStep = (_, _) => Kill(perStep), BeforeEvaluation = () => Kill(perEvaluation), Score = _ => Score(evaluated++),
            };
            try
            {
                finished = Train(options with { Folder = killed.Path, Resume = true }, task, new Counter(count => epochs = count)).Finished;
            }
            catch (Killed)
            {
                kills++;
            }
        }
        Assert.True(kills >= 3, $"{kills} kills");
        AssertSame(whole, killed);
        foreach (string name in new[] { "average", "epoch-2", "epoch-3" })
            Assert.Equal(File.ReadAllBytes(whole[name + ".safetensors"]), File.ReadAllBytes(killed[name + ".safetensors"]));
        Assert.Equal(Directory.GetFiles(whole.Path).Select(Path.GetFileName).Order(),
            Directory.GetFiles(killed.Path).Select(Path.GetFileName).Order());

        void Kill(double probability)
        {
            if (random.NextDouble() < probability) throw new Killed();
        }
    }

    /// <summary>Tells the number of epochs in the checkpoint.</summary>
    private sealed class Counter(Action<int> tell) : TrainingCallback
    {
        public override void Started(TrainingRun run) => tell(run.Epoch);

        public override void EpochEnded(TrainingRun run, EpochReport epoch) => tell(run.Epoch);
    }

    [Fact]
    public void A_run_killed_before_its_first_checkpoint_starts_from_the_beginning()
    {
        using TempFolder whole = new(), killed = new();
        TrainerOptions options = TrainerTests.Options(whole);
        Train(options);
        TrainerOptions again = options with { Folder = killed.Path, Resume = true };
        Assert.Throws<Killed>(() => Train(again, new() { BeforeStep = (_, index) => { if (index == 7) throw new Killed(); } }));
        Assert.True(File.Exists(killed["metrics.jsonl"]));
        Assert.False(File.Exists(killed["last.safetensors"]));
        // Its best weights are written before its first checkpoint.
        WeightFile.WriteSafetensors(killed["best.safetensors"], new Dictionary<string, Tensor>(),
            new Dictionary<string, string> { ["epoch"] = "1" });
        Train(again);
        AssertSame(whole, killed);
    }

    [Fact]
    public void A_run_whose_checkpoint_is_lost_is_not_overwritten()
    {
        using TempFolder folder = new();
        TrainerOptions options = TrainerTests.Options(folder);
        Train(options);
        File.Delete(folder["last.safetensors"]);
        byte[] best = File.ReadAllBytes(folder["best.safetensors"]);
        Assert.Equal($"The run in {folder.Path} cannot be resumed: it has a best.safetensors, but no last.safetensors; start a new run " +
            "in another folder.", MessageFor(options));
        Assert.Equal(best, File.ReadAllBytes(folder["best.safetensors"]));
    }

    [Fact]
    public void Weights_alone_are_not_resumed()
    {
        using TempFolder folder = new();

        using (ToyTask task = new())
            WeightFile.WriteSafetensors(folder["last.safetensors"], task.Model.state_dict(),
                new Dictionary<string, string>());
        Assert.Equal($"{folder["last.safetensors"]} has no training state: it cannot be resumed, but a new run can start from its weights.",
            MessageFor(TrainerTests.Options(folder)));
    }

    [Fact]
    public void Other_options_or_another_model_are_refused()
    {
        using TempFolder folder = new();
        TrainerOptions options = TrainerTests.Options(folder);
        Train(options);
        string last = folder["last.safetensors"];

        Assert.Equal(
            $"{last} cannot be resumed: LearningRate was 0.05 and is now 0.1. Use the run's original options, or start a new run.",
            MessageFor(options with { LearningRate = 0.1 }));
        ToyTask other = new() { Description = new Dictionary<string, string> { ["model"] = "other" } };
        Assert.Equal($"{last} cannot be resumed: model was toy and is now other. Use the run's original options, or start a new run.",
            MessageFor(options, other));
        Assert.Contains("StepsPerEpoch was 10 and is now 20", MessageFor(options, new() { StepsPerEpoch = 20 }));
    }

    [Fact]
    public void A_checkpoint_cut_short_is_named()
    {
        using TempFolder folder = new();
        TrainerOptions options = TrainerTests.Options(folder);
        Train(options);
        byte[] bytes = File.ReadAllBytes(folder["last.safetensors"]);
        File.WriteAllBytes(folder["last.safetensors"], bytes[..(bytes.Length / 2)]);

        Assert.StartsWith(folder["last.safetensors"],
            Assert.ThrowsAny<WeightsException>(() => Train(options with { Resume = true })).Message);
    }

    private static TrainingResult Train(TrainerOptions options, ToyTask? task = null, TrainingCallback? progress = null,
        CancellationToken cancellation = default)
    {
        using (task ??= new()) return new Trainer<ToyBatch>(task, options, progress is null ? [] : [progress]).Run(cancellation);
    }

    private static string MessageFor(TrainerOptions options, ToyTask? task = null) =>
        Assert.Throws<InputException>(() => Train(options with { Resume = true }, task)).Message;

    internal static void AssertSame(TempFolder expected, TempFolder actual)
    {
        Assert.Equal(File.ReadAllBytes(expected["last.safetensors"]), File.ReadAllBytes(actual["last.safetensors"]));
        Assert.Equal(File.ReadAllBytes(expected["best.safetensors"]), File.ReadAllBytes(actual["best.safetensors"]));
        Assert.Equal(File.ReadAllText(expected["metrics.csv"]), File.ReadAllText(actual["metrics.csv"]));
        Assert.Equal(WithoutSpeed(expected), WithoutSpeed(actual));
    }

    private static string WithoutSpeed(TempFolder folder) =>
        Regex.Replace(File.ReadAllText(folder["metrics.jsonl"]), ",\"images_per_second\":[^}]*", "");
}
