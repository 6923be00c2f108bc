using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Training.Tests;

/// <summary>NaN is reported when and where it begins.</summary>
public class NonFiniteTests
{
    [Fact]
    public void The_first_layer_is_named()
    {
        using TempFolder folder = new();
        using ToyTask task = new();
        // Too much for float16, but not for the weight in float32.
        string message = MessageOf(task, folder, Fill(task, "hidden.weight", 1e7f), TrainingPrecision.Float16);
        Assert.True(message.Contains(". It began in hidden (Conv2d). Images of the batch: 0-4a.jpg, 0-4b.jpg. "), message);
    }

    [Fact]
    public void A_weight_is_named()
    {
        using TempFolder folder = new();
        using ToyTask task = new();
        Assert.Contains("step 5 (epoch 1): loss_sum is NaN. It began in the weight output.weight. ",
            MessageOf(task, folder, Fill(task, "output.weight", float.NaN)));
    }

    [Fact]
    public void A_gradient_is_named_in_the_step_where_it_appears()
    {
        using TempFolder folder = new();
        // The root of zero is zero, but infinitely steep.
        using ToyTask task = new() { ExtraLoss = model => (0 * model.get_parameter("norm.bias")!).sqrt().sum() };
        Assert.StartsWith("Training stopped at step 1 (epoch 1): the losses are finite, but the gradient of norm.bias is not. ",
            MessageOf(task, folder));
        Assert.False(File.Exists(folder["last.safetensors"]));
    }

    /// <summary>Replaces a weight after the fourth step.</summary>
    private static Recorder Fill(ToyTask task, string name, float value) => new()
    {
        OnStep = step =>
        {
            using var noGrad = no_grad();
            if (step.Step == 4) task.Model.get_parameter(name)!.fill_(value);
        },
    };

    private static string MessageOf(ToyTask task, TempFolder folder, Recorder? recorder = null,
        TrainingPrecision precision = TrainingPrecision.Float32) => Assert.Throws<InputException>(() =>
            new Trainer<ToyBatch>(task, TrainerTests.Options(folder) with { Precision = precision }, recorder ?? new()).Run()).Message;
}
