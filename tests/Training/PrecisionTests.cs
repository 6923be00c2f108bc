using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Training.Tests;

public class PrecisionTests
{
    [Theory]
    [InlineData(TrainingPrecision.BFloat16)]
    [InlineData(TrainingPrecision.Float16)]
    public void It_learns_in_16_bits_and_the_checkpoints_have_32(TrainingPrecision precision)
    {
        using TempFolder folder = new(), exact = new();
        using var scope = NewDisposeScope();
        TrainerOptions options = TrainerTests.Options(folder) with { Epochs = 2 };
        Recorder recorder = new(), reference = new();
        using (ToyTask task = new() { StepsPerEpoch = 40 })
            new Trainer<ToyBatch>(task, options with { Precision = precision }, recorder).Run();
        using (ToyTask task = new() { StepsPerEpoch = 40 })
            new Trainer<ToyBatch>(task, options with { Folder = exact.Path }, reference).Run();

        Assert.Equal(reference.Epochs[1].Loss, recorder.Epochs[1].Loss, 0.1 * reference.Epochs[1].Loss);
        Assert.NotEqual(reference.Epochs[1].Loss, recorder.Epochs[1].Loss);
        Assert.All(WeightFile.Read(folder["last.safetensors"]).Where(entry => entry.Value.is_floating_point()),
            entry => Assert.Equal(ScalarType.Float32, entry.Value.dtype));
    }

    [Fact]
    public void A_step_that_overflows_is_skipped_and_the_loss_scale_halved()
    {
        using TempFolder folder = new();
        using var scope = NewDisposeScope();
        // A gradient of more than 65504 times the scale's 65536 does not fit into float16.
        using ToyTask task = new() { StepsPerEpoch = 5, LossFactor = (_, index) => index == 2 ? 1000 : 1e-3 };
        List<(double? Norm, double? Scale, Tensor Weight)> steps = [];
        Recorder recorder = new()
        {
            OnStep = step => steps.Add((step.GradientNorm, step.LossScale, task.Model.parameters().First().detach().clone())),
        };
        TrainerOptions options = TrainerTests.Options(folder) with { Epochs = 1, Precision = TrainingPrecision.Float16 };
        new Trainer<ToyBatch>(task, options, recorder).Run();

        Assert.Equal([true, true, false, true, true], steps.Select(step => step.Norm is not null));
        Assert.Equal([65536, 65536, 32768, 32768, 32768], steps.Select(step => step.Scale!.Value));
        Assert.True(steps[2].Weight.Equals(steps[1].Weight));
        Assert.False(steps[3].Weight.Equals(steps[2].Weight));
    }

    [Fact]
    public void Gradients_that_overflow_at_any_scale_end_the_run()
    {
        using TempFolder folder = new();
        using ToyTask task = new() { StepsPerEpoch = 50, ExtraLoss = model => (0 * model.parameters().First()).sqrt().sum() };
        InputException e = Assert.Throws<InputException>(() => new Trainer<ToyBatch>(task,
            TrainerTests.Options(folder) with { Precision = TrainingPrecision.Float16 }).Run());
        Assert.StartsWith("Training stopped at step 17 (epoch 1): the losses are finite, but the gradient of hidden.weight is not.",
            e.Message);
    }
}
