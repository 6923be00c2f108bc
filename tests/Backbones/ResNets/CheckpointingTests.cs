using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Backbones.Tests;

public class CheckpointingTests
{
    [Fact]
    public void ANetworkTrainsTheSameWithIt()
    {
        using var scope = NewDisposeScope();
        BackboneOptions options = new() { NumClasses = 3, StochasticDepth = 0.5 };
        using Backbone plain = BackboneRegistry.Create("resnet20_cifar", options);
        using Backbone checkpointed = BackboneRegistry.Create("resnet20_cifar", options with { Checkpointing = true });
        checkpointed.load_state_dict(plain.state_dict());
        Tensor x = randn(4, 3, 16, 16);
        foreach (Backbone model in (Backbone[])[plain, checkpointed])
        {
            random.manual_seed(4);
            model.call(x).square().sum().backward();
        }
        foreach (var (name, parameter) in plain.named_parameters())
            Close.To(checkpointed.get_parameter(name)!.grad!, parameter.grad!, 1e-5, name);
        foreach (var (name, buffer) in plain.named_buffers())
            Close.To(checkpointed.get_buffer(name)!, buffer, 1e-6, name);
    }

    [Fact]
    public void TheNetworkOf1202LayersKeepsOneTensorPerBlock()
    {
        const int side = 32, count = 4;
        using var scope = NewDisposeScope();
        using Backbone model = BackboneRegistry.Create("resnet1202_cifar", new BackboneOptions { NumClasses = 10, Checkpointing = true });
        Tensor x = randn(count, 3, side, side);
        long before = ResidentMemory.InUse();
        Tensor loss = nn.functional.cross_entropy(model.call(x), zeros(count, int64));
        long kept = ResidentMemory.InUse() - before;
        // 200 blocks at 16 channels, 200 at 32 of a quarter of the pixels, and 200 at 64 of a sixteenth.
        long inputs = 200L * count * side * side * 16 * sizeof(float) * 7 / 4;
        Assert.True(kept < inputs * 3 / 2,
            $"{kept >> 20} MiB are kept for the backward pass; the inputs of the blocks are {inputs >> 20} MiB.");
        loss.backward();
        foreach (var (name, parameter) in model.named_parameters())
            Assert.True(parameter.grad is { } gradient && gradient.isfinite().all().item<bool>(), $"{name} has no finite gradient.");
    }
}
