using TorchSharp;
using TorchSharp.Modules;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Ops.Tests;

public class GradientCheckpointTests
{
    [Fact]
    public void ResultsGradientsStatisticsAndDrawsAreThoseOfThePlainRun()
    {
        using var scope = NewDisposeScope();
        using Sequential block = Block();
        Tensor x = randn(4, 3, 8, 8);
        var plain = Train(block, x, checkpointed: false);
        var again = Train(block, x, checkpointed: true);
        Assert.Equal(plain.Keys, again.Keys);
        foreach (var (name, value) in plain) Close.To(again[name], value, 1e-6, name);
    }

    [Fact]
    public void InMixedPrecisionTheSecondRunIsInItToo()
    {
        using var scope = NewDisposeScope();
        using Sequential block = Block();
        Tensor x = randn(4, 3, 8, 8);
        Tensor Gradient(bool checkpointed)
        {
            random.manual_seed(1);
            block.zero_grad();
            Tensor y;
            using (new Autocast(DeviceType.CPU, ScalarType.BFloat16)) y = checkpointed ? GradientCheckpoint.Run(block, x) : block.call(x);
            Assert.Equal(ScalarType.BFloat16, y.dtype);
            y.to(float32).square().sum().backward();
            return block.get_parameter("0.weight")!.grad!.clone();
        }
        Close.To(Gradient(true), Gradient(false), 1e-6);
    }

    [Fact]
    public void FrozenParametersAndImagesGetNoGradient()
    {
        using var scope = NewDisposeScope();
        using Sequential block = Block();
        block.get_parameter("0.weight")!.requires_grad = false;
        GradientCheckpoint.Run(block, randn(2, 3, 8, 8)).sum().backward();
        Assert.Null(block.get_parameter("0.weight")!.grad);
        Assert.NotNull(block.get_parameter("0.bias")!.grad);
        Assert.NotNull(block.get_parameter("3.weight")!.grad);
    }

    [Fact]
    public void WithoutRecordingItIsThePlainRun()
    {
        using var scope = NewDisposeScope();
        using Sequential block = Block();
        using var noGradient = no_grad();
        Assert.False(GradientCheckpoint.Run(block, randn(2, 3, 8, 8)).requires_grad);
    }

    [Fact]
    public void NoTensorIsLeftBehind()
    {
        using Sequential block = Block();
        LiveTensors.Unchanged(() =>
        {
            using var scope = NewDisposeScope();
            GradientCheckpoint.Run(block, randn(2, 3, 8, 8)).sum().backward();
            block.zero_grad();
        });
    }

    private static Sequential Block() =>
        nn.Sequential(nn.Conv2d(3, 6, 3, 1, 1), nn.BatchNorm2d(6), nn.Dropout(0.5), nn.Conv2d(6, 3, 3, 1, 1));

    /// <summary>The loss, all gradients and buffers, and the random numbers that follow, from the same start.</summary>
    private static SortedDictionary<string, Tensor> Train(Sequential block, Tensor images, bool checkpointed)
    {
        using var noGradient = no_grad();
        foreach (var (name, buffer) in block.named_buffers()) buffer.fill_(name.EndsWith("var", StringComparison.Ordinal) ? 1 : 0);
        using var recording = enable_grad();
        block.zero_grad();
        random.manual_seed(3);
        Tensor x = images.clone().requires_grad_();
        Tensor y = checkpointed ? GradientCheckpoint.Run(block, x) : block.call(x);
        (y * 2).square().sum().backward();  // the block's result is used in place of a leaf, and its gradient is not constant
        SortedDictionary<string, Tensor> found =
            new(StringComparer.Ordinal) { ["y"] = y.detach(), ["x.grad"] = x.grad!, ["random"] = rand(3) };
        foreach (var (name, parameter) in block.named_parameters()) found[$"{name}.grad"] = parameter.grad!.clone();
        foreach (var (name, buffer) in block.named_buffers()) found[name] = buffer.clone();
        return found;
    }
}
