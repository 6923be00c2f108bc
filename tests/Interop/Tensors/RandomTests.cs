using TorchSharp;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Interop.Tests;

/// <summary>The random numbers are PyTorch's own: seeds and states mean the same in both.</summary>
public class RandomTests
{
    private static readonly PeerTensors peer = new("interop_random.py");

    [SkippableFact]
    public void SeedsGivePyTorchsNumbers()
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        Close.To(rand(5), peer["rand"], 0, "rand");
        Close.To(randn(40), peer["randn"], 1e-6, "randn");
        Close.To(randint(3, 90, [6]), peer["randint"], 0, "randint");
        Close.To(randperm(20), peer["randperm"], 0, "randperm");
        Close.To(get_rng_state(), peer["state"], 0, "state");
        Close.To(rand(3), peer["after"], 0, "after");
        Close.To(nn.functional.dropout(ones(50), 0.4, true), peer["bernoulli"], 1e-6, "dropout");
    }

    [SkippableFact]
    public void AStateOfPyTorchIsTakenUp()
    {
        using var scope = NewDisposeScope();
        set_rng_state(peer["state"]);
        Close.To(rand(3), peer["after"], 0);
    }

    [SkippableFact]
    public void AGeneratorOfItsOwnLeavesTheDefaultOneAlone()
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        using Generator own = new(11);
        Close.To(randn([4], generator: own), peer["own"], 1e-6);
        Close.To(rand(5), peer["rand"], 0);
        Assert.Equal(11, own.initial_seed());
    }

    [Fact]
    public void AStateBringsTheSameNumbersAgain()
    {
        using var scope = NewDisposeScope();
        Tensor state = get_rng_state();
        Tensor first = randn(100);
        set_rng_state(state);
        Close.To(randn(100), first, 0);
    }

    [Fact]
    public void BernoulliDrawsOnesAsOftenAsAsked()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        Tensor drawn = empty(10000).bernoulli_(0.3);
        Assert.Equal(10000, drawn.eq(0).logical_or(drawn.eq(1)).sum().item<long>());
        Assert.Equal(0.3, drawn.mean().item<float>(), 0.02);
    }
}
