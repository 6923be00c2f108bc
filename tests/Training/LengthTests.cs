using Vision.Testing;
using Vision.Weights;

namespace Vision.Training.Tests;

/// <summary>When a run ends, and what it keeps.</summary>
public class LengthTests
{
    /// <summary>A clock that only moves when it is told to.</summary>
    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }

    [Fact]
    public void It_ends_some_epochs_after_the_best()
    {
        using TempFolder folder = new();
        using ToyTask task = new() { Score = epoch => new[] { 0.2, 0.4, 0.3, 0.4, 0.5 }[epoch] };
        TrainingResult result = new Trainer<ToyBatch>(task, TrainerTests.Options(folder) with { Epochs = 20, EarlyStopping = 2 }).Run();
        Assert.Equal(new(true, 4, 0.4, "score has not improved for 2 epochs"), result);
    }

    [Fact]
    public void The_best_epochs_are_kept()
    {
        using TempFolder folder = new();
        double[] scores = [0.2, 0.4, 0.1, 0.4, 0.3];
        using ToyTask task = new() { Score = epoch => scores[epoch] };
        Recorder recorder = new();
        new Trainer<ToyBatch>(task, TrainerTests.Options(folder) with { Epochs = 5, SaveTop = 3 }, recorder).Run();
        Assert.Equal(["epoch-2.safetensors", "epoch-4.safetensors", "epoch-5.safetensors"],
            Directory.GetFiles(folder.Path, "epoch-*").Select(Path.GetFileName).Order());
        Assert.Equal(File.ReadAllBytes(folder["best.safetensors"]), File.ReadAllBytes(folder["epoch-2.safetensors"]));
        Assert.Equal("5", WeightFile.ReadMetadata(folder["epoch-5.safetensors"])["epoch"]);
    }

    /// <summary>Of 100 seconds, an evaluation takes 10 and a step 2: after 35 steps and two evaluations there is time for a third.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_time_budget_ends_with_an_evaluation_and_its_schedule(bool isResumed)
    {
        using TempFolder folder = new();
        Clock clock = new();
        using CancellationTokenSource source = new();
        List<StepReport> steps = [];
        int evaluations = 0;
        TrainingResult Run(bool resume)
        {
            using ToyTask task = new() { StepsPerEpoch = 16, BeforeEvaluation = () => { evaluations++; clock.Seconds += 10; } };
            Recorder recorder = new()
            {
                OnStep = step =>
                {
                    steps.Add(step);
                    if (isResumed && step.Step == 19) source.Cancel();
                },
            };
            TrainerOptions options = TrainerTests.Options(folder) with
            {
                Epochs = int.MaxValue, TimeBudget = TimeSpan.FromSeconds(100), Schedule = ScheduleKind.Cosine, WarmupSteps = null,
                Resume = resume,
            };
            return new Trainer<ToyBatch>(task, options, recorder, new Tick(clock)) { Clock = clock }.Run(resume ? default : source.Token);
        }

        TrainingResult result = Run(false);
        if (isResumed)
        {
            Assert.False(result.Finished);
            clock.Seconds += 1000;          // the pause does not count
            result = Run(true);
        }
        Assert.Equal((true, 3), (result.Finished, result.EpochsDone));
        Assert.Equal("the time budget of 00:01:40 is used up", result.EndedBecause);
        Assert.Equal(3, evaluations);
        Assert.Equal(100, clock.Seconds - (isResumed ? 1000 : 0));
        Assert.Equal(Enumerable.Range(1, 35), steps.Select(step => step.Step));
        Assert.True(steps[^1].LearningRate < 0.002 && steps[6].LearningRate > 0.0495, "The cosine was not fitted.");
        Assert.Equal(TimeSpan.FromSeconds(100), steps[0].Remaining);
        Assert.True(Run(true).Finished);
        Assert.Equal(35, steps.Count);
    }

    /// <summary>A step takes two seconds.</summary>
    private sealed class Tick(Clock clock) : TrainingCallback
    {
        public override void StepEnded(TrainingRun run, StepReport step) => clock.Seconds += 2;
    }
}
