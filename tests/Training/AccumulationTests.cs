using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Training.Tests;

public class AccumulationTests
{
    /// <summary>One step of 20 images per epoch, however they are cut into batches.</summary>
    [Theory]
    [InlineData(5, 4, 4, 4, 4, 4)]
    [InlineData(3, 8, 8, 4)]             // an epoch's last batch is smaller
    [InlineData(4, 8, 8, 4)]             // and its last step has fewer batches
    public void Several_batches_equal_a_large_one(int accumulate, params int[] sizes)
    {
        using var scope = NewDisposeScope();
        var (expected, large) = Train(1, 20);
        var (actual, small) = Train(accumulate, sizes);
        Assert.Equal(3, small.Steps.Count);
        Assert.Equal(3, small.Steps[^1].Step);
        foreach (var (step, other) in large.Steps.Zip(small.Steps))
        {
            Assert.Equal(step.GradientNorm!.Value, other.GradientNorm!.Value, 1e-5);
            Assert.Equal(step.LearningRate, other.LearningRate);
        }
        foreach (var (name, weight) in expected) Close.To(actual[name], weight, 1e-6, name);
    }

    [Fact]
    public void A_stopped_run_ends_with_a_whole_step()
    {
        using TempFolder folder = new();
        using PlainTask task = new(4, 4, 4, 4, 4);
        using CancellationTokenSource source = new();
        Recorder recorder = new() { OnStep = step => { if (step.Step == 2) source.Cancel(); } };
        new Trainer<ToyBatch>(task, Recipe(folder) with { Accumulate = 2 }, recorder).Run(source.Token);
        Recorder rest = new();
        new Trainer<ToyBatch>(task, Recipe(folder) with { Accumulate = 2, Resume = true }, rest).Run();
        Assert.Equal([1, 2], recorder.Steps.Select(step => step.Step));
        Assert.Equal(Enumerable.Range(3, 7), rest.Steps.Select(step => step.Step));
    }

    private static (Dictionary<string, Tensor> Weights, Recorder Recorder) Train(int accumulate, params int[] sizes)
    {
        using TempFolder folder = new();
        using PlainTask task = new(sizes);
        Recorder recorder = new();
        new Trainer<ToyBatch>(task, Recipe(folder) with { Accumulate = accumulate, ClipGradientNorm = 1 }, recorder).Run();
        return (task.Model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone()), recorder);
    }

    private static TrainerOptions Recipe(TempFolder folder) => TrainerTests.Options(folder) with { WarmupSteps = 0 };
}
