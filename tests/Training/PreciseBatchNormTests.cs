using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Training.Tests;

public class PreciseBatchNormTests
{
    [Theory]
    [InlineData(4, 4)]
    [InlineData(100, 10)]       // an epoch has ten batches
    public void Statistics_are_those_of_the_batches_under_the_weights_at_the_end(int batches, int taken)
    {
        using var scope = NewDisposeScope();
        using ToyTask task = new();
        Dictionary<string, Tensor> precise = Trained(batches), usual = Trained(null);

        // What the norm sees, [batch, 8, 16], of a convolution of 1×2 over the pairs of the points' numbers: two places a point.
        Tensor[] seen = [.. task.Batches(0, 0).Take(taken).Select(batch => batch.Points.reshape(-1, 2, 1, 2))
            .Select(points => nn.functional.conv2d(points, precise["hidden.weight"], precise["hidden.bias"]))
            .Select(seen => seen.transpose(0, 1).reshape(16, -1))];
        Tensor means = stack(seen.Select(x => x.mean([1]))), variances = stack(seen.Select(x => x.var(1)));
        Close.To(precise["norm.running_mean"], means.mean([0]), 1e-5);
        Close.To(precise["norm.running_var"], variances.mean([0]) + means.var(0, unbiased: false), 1e-5);
        Assert.Equal(10, precise["norm.num_batches_tracked"].item<long>());

        // All else is as without.
        foreach (string name in usual.Keys.Where(name => !name.StartsWith("norm.running_", StringComparison.Ordinal)))
            Assert.Equal(usual[name].bytes.ToArray(), precise[name].bytes.ToArray());
        Assert.False(usual["norm.running_mean"].allclose(precise["norm.running_mean"], 1e-3, 1e-4));
    }

    [Fact]
    public void A_pass_that_fails_puts_the_statistics_back()
    {
        using TempFolder folder = new();
        using var scope = NewDisposeScope();
        using CancellationTokenSource source = new();
        // The first batch is seen a second time after the ten steps of the epoch; then it is canceled.
        int steps = 0;
        using ToyTask task = new() { BeforeStep = (_, _) => { if (++steps == 11) source.Cancel(); } };
        Assert.False(new Trainer<ToyBatch>(task, Options(folder, 4)).Run(source.Token).Finished);
        Assert.Equal(11, steps);
        Dictionary<string, Tensor> left = WeightFile.Read(folder["last.safetensors"]), usual = Trained(null);
        Assert.Equal(usual["norm.running_var"].bytes.ToArray(), left["norm.running_var"].bytes.ToArray());
    }

    private static Dictionary<string, Tensor> Trained(int? batches)
    {
        using TempFolder folder = new();
        using ToyTask task = new();
        new Trainer<ToyBatch>(task, Options(folder, batches)).Run();
        return WeightFile.Read(folder["last.safetensors"])
            .Where(entry => !entry.Key.StartsWith("trainer.", StringComparison.Ordinal)).ToDictionary();
    }

    private static TrainerOptions Options(TempFolder folder, int? batches) =>
        TrainerTests.Options(folder) with { Epochs = 1, PreciseBatchNorm = batches };
}
