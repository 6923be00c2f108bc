using System.Text.Json.Nodes;
using Vision.Testing;

namespace Vision.Training.Tests;

public class CallbackTests
{
    private sealed class Called : TrainingCallback
    {
        public List<string> Calls { get; } = [];

        public override void Started(TrainingRun run) => Calls.Add($"started {run.Step} of {run.TotalSteps}");

        public override void StepEnded(TrainingRun run, StepReport step) => Calls.Add($"step {run.Step}");

        public override void Evaluating(TrainingRun run, int done, int total) => Calls.Add($"evaluating {done} of {total}");

        public override void EpochEnded(TrainingRun run, EpochReport epoch) => Calls.Add($"epoch {run.Epoch} with {run.Scores.Count}");

        public override void Ended(TrainingRun run, TrainingResult result) => Calls.Add($"ended {result.EpochsDone}");
    }

    private sealed class AfterStep(int number, Action<TrainingRun> act) : TrainingCallback
    {
        public override void StepEnded(TrainingRun run, StepReport step)
        {
            if (step.Step == number) act(run);
        }
    }

    private sealed class Counting : TrainingCallback
    {
        public override void EpochEnded(TrainingRun run, EpochReport epoch)
        {
            int count = int.Parse(run.Memory.TryGetValue("count", out string? text) ? text : "0") + 1;
            run.Memory["count"] = count.ToString();
            run.Log("count", count);
            if (count == 2) run.RateFactor = 0.5;
        }
    }

    [Fact]
    public void They_are_called_in_order()
    {
        using TempFolder folder = new();
        using ToyTask task = new() { StepsPerEpoch = 2 };
        Called called = new();
        new Trainer<ToyBatch>(task, TrainerTests.Options(folder) with { Epochs = 2 }, called).Run();
        Assert.Equal(
        [
            "started 0 of 4", "step 1", "step 2", "evaluating 1 of 1", "epoch 1 with 1", "step 3", "step 4", "evaluating 1 of 1",
            "epoch 2 with 2", "ended 2",
        ], called.Calls);
    }

    [Fact]
    public void A_run_that_is_stopped_is_evaluated_and_over()
    {
        using TempFolder folder = new();
        TrainerOptions options = TrainerTests.Options(folder);
        using ToyTask task = new();
        Called called = new();
        TrainingResult result = new Trainer<ToyBatch>(task, options, new AfterStep(13, run => run.Stop("enough")), called).Run();
        Assert.Equal((true, 2, "enough"), (result.Finished, result.EpochsDone, result.EndedBecause));
        Assert.Equal(["step 13", "evaluating 1 of 1", "epoch 2 with 2", "ended 2"], called.Calls[^4..]);
        Assert.Equal(result, new Trainer<ToyBatch>(task, options with { Resume = true }).Run());
    }

    [Fact]
    public void A_run_that_is_stopped_and_then_canceled_is_still_evaluated()
    {
        using TempFolder folder = new(), whole = new();
        AfterStep stop = new(13, run => run.Stop("enough"));
        using (ToyTask task = new()) new Trainer<ToyBatch>(task, TrainerTests.Options(whole), stop).Run();
        using CancellationTokenSource source = new();
        int evaluations = 0;
        using ToyTask canceled = new() { BeforeEvaluation = () => { if (++evaluations == 2) source.Cancel(); } };
        Assert.False(new Trainer<ToyBatch>(canceled, TrainerTests.Options(folder), stop).Run(source.Token).Finished);
        using (ToyTask task = new()) new Trainer<ToyBatch>(task, TrainerTests.Options(folder) with { Resume = true }, stop).Run();
        ResumeTests.AssertSame(whole, folder);
    }

    [Fact]
    public void What_they_remember_log_and_change_outlives_a_resume()
    {
        using TempFolder whole = new(), canceled = new();
        TrainerOptions options = TrainerTests.Options(whole) with { Milestones = [] };
        using (ToyTask task = new()) new Trainer<ToyBatch>(task, options, new Counting()).Run();
        using CancellationTokenSource source = new();
        using (ToyTask task = new())
            new Trainer<ToyBatch>(task, options with { Folder = canceled.Path }, new Counting(), new AfterStep(23, _ => source.Cancel()))
                .Run(source.Token);
        Recorder recorder = new();
        using (ToyTask task = new())
            new Trainer<ToyBatch>(task, options with { Folder = canceled.Path, Resume = true }, new Counting(), recorder).Run();

        ResumeTests.AssertSame(whole, canceled);
        Assert.All(recorder.Steps, step => Assert.Equal(0.025, step.LearningRate, 1e-12));
        JsonNode last = JsonNode.Parse(File.ReadLines(canceled["metrics.jsonl"]).Last())!;
        Assert.Equal(3, (int)last["values"]!["count"]!);
        Assert.EndsWith(",count", File.ReadLines(canceled["metrics.csv"]).First());
    }

    [Fact]
    public void A_value_that_only_a_later_epoch_has_gets_a_column()
    {
        using TempFolder folder = new();
        using ToyTask task = new() { StepsPerEpoch = 4 };
        new Trainer<ToyBatch>(task, TrainerTests.Options(folder) with { LogEverySteps = 100 }, new AfterStep(7, run => run.Log("own", 5)))
            .Run();
        string[] rows = File.ReadAllLines(folder["metrics.csv"]);
        Assert.EndsWith(",own", rows[0]);
        Assert.EndsWith(",", rows[1]);
        Assert.EndsWith(",5", rows[2]);
    }
}
