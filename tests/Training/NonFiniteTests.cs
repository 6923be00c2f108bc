using TorchSharp.Modules;
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
        task.Model.modules().OfType<BatchNorm2d>().Single()
            .register_forward_hook((_, _, output) => output * (stepped >= 12 ? double.NaN : 1));
        Assert.Equal("Training stopped at step 13 (epoch 2): loss_sum is NaN. It began in norm (BatchNorm2d). Images of the batch: " +
            "1-2a.jpg, 1-2b.jpg. ", MessageOf(task, folder));
    }

    [Fact]
    public void A_weight_is_named()
    {
        using TempFolder folder = new();
        ToyTask task = null!;
        using (task = new()
        {
            BeforeStep = (epoch, index) =>
            {
                using var noGrad = no_grad();
                if ((epoch, index) == (0, 4)) task.Model.get_parameter("output.weight")!.fill_(float.NaN);
            },
        })
            Assert.StartsWith("Training stopped at step 5 (epoch 1): loss_sum is NaN. It began in the weight output.weight. ",
                MessageOf(task, folder));
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

    private int stepped;

    private string MessageOf(ToyTask task, TempFolder folder) => Assert.Throws<InputException>(() =>
        new Trainer<ToyBatch>(task, TrainerTests.Options(folder), new Recorder { OnStep = step => stepped = step.Step }).Run()).Message;
}
