using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Training.Tests;

public class WeightAverageTests
{
    /// <summary>Averages in double precision what the steps leave behind.</summary>
    private sealed class Reference(double decay) : TrainingCallback
    {
        private int steps;

        public Dictionary<string, Tensor> Average { get; private set; } = [];

        public override void Started(TrainingRun run) => Average = Weights(run);

        public override void StepEnded(TrainingRun run, StepReport step)
        {
            double kept = Math.Min(decay, (1.0 + steps) / (10 + steps));
            steps++;
            foreach (var (name, weight) in Weights(run)) Average[name] = kept * Average[name] + (1 - kept) * weight;
        }

        private static Dictionary<string, Tensor> Weights(TrainingRun run) =>
            run.Model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach().to(float64).clone());
    }

    [Fact]
    public void It_is_the_mean_with_decaying_weights_and_training_does_not_notice()
    {
        using TempFolder averaged = new(), plain = new();
        using var scope = NewDisposeScope();
        Reference reference = new(0.7);
        TrainerOptions options = TrainerTests.Options(averaged);
        using (ToyTask task = new()) new Trainer<ToyBatch>(task, options with { AverageDecay = 0.7 }, reference).Run();
        using (ToyTask task = new()) new Trainer<ToyBatch>(task, options with { Folder = plain.Path }).Run();

        Dictionary<string, Tensor> file = WeightFile.Read(averaged["average.safetensors"]);
        Assert.NotEmpty(file);
        foreach (var (name, weight) in file.Where(entry => entry.Value.is_floating_point()))
            Close.To(weight, reference.Average[name], 1e-6, name);
        Assert.Equal("toy", WeightFile.ReadMetadata(averaged["average.safetensors"])["model"]);
        Dictionary<string, Tensor> last = WeightFile.Read(averaged["last.safetensors"]);
        foreach (var (name, weight) in WeightFile.Read(plain["last.safetensors"])) Assert.True(weight.Equals(last[name]), name);
    }

    /// <summary>Each epoch is evaluated twice: first the weights, then their average.</summary>
    [Theory]
    [InlineData(0.5, 0.6, true)]
    [InlineData(0.6, 0.5, false)]
    public void The_better_of_the_two_is_kept(double ofWeights, double ofAverage, bool averageIsBetter)
    {
        using TempFolder folder = new();
        using var scope = NewDisposeScope();
        using ToyTask task = new() { Score = evaluation => evaluation % 2 == 0 ? ofWeights : ofAverage };
        Recorder recorder = new();
        TrainingResult result =
            new Trainer<ToyBatch>(task, TrainerTests.Options(folder) with { AverageDecay = 0.9, Epochs = 1 }, recorder).Run();

        Assert.Equal(0.6, result.Best);
        Assert.Equal((ofWeights, ofAverage), (recorder.Epochs[0].Validation.MainValue, recorder.Epochs[0].AverageValidation!.MainValue));
        Dictionary<string, Tensor> best = WeightFile.Read(folder["best.safetensors"]),
            average = WeightFile.Read(folder["average.safetensors"]);
        Assert.Equal(averageIsBetter, best["output.weight"].Equals(average["output.weight"]));
        Assert.Contains("0.6", WeightFile.ReadMetadata(folder["best.safetensors"])["metrics"]);
        Assert.Contains("average_score", File.ReadLines(folder["metrics.csv"]).First());
    }
}
