using TorchSharp;
using Vision.Backbones;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Graphs.Tests;

/// <summary>Every registered classifier, compiled: its logits are those of the network, at the
/// size that it was compiled for and at others.</summary>
[Trait("Category", "Slow")]
public class CompiledBackboneTests
{
    // Larger networks have the blocks of smaller ones.
    private const long ParametersBelow = 60_000_000;

    public static TheoryData<string> Names => [.. BackboneRegistry.Find("*")
        .Where(entry => entry.Facts.Parameters < ParametersBelow).Select(entry => entry.Name)];

    [Theory, MemberData(nameof(Names))]
    public void LogitsAreThoseOfTheNetwork(string name) => Compare(name, [1, 3, 64, 64], [2, 3, 97, 65], [1, 3, 64, 64]);

    /// <summary>One window and several along a side, padded ones and others, and sides of pixels merged in twos that are odd.</summary>
    [Fact]
    public void WindowsFitAnySize() => Compare("swin_t", [1, 3, 224, 112], [2, 3, 75, 107], [3, 3, 20, 260], [1, 3, 4, 7]);

    private static void Compare(string name, params long[][] shapes)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        using Backbone network = BackboneRegistry.Create(name, new BackboneOptions { NumClasses = 7 });
        Fill(network);
        network.eval();
        using var noGradient = no_grad();
        using CompiledNetwork compiled = CompiledNetwork.Of(network, rand(1, 3, 64, 64));
        foreach (long[] shape in shapes)
        {
            Tensor images = rand(shape);
            Close.To(compiled.Call(images), network.call(images), 2e-5, $"logits of {string.Join('×', shape)}");
        }
    }

    /// <summary>Norms off the identity, so that folding shows; the activations keep their size over any depth.</summary>
    private static void Fill(Backbone network)
    {
        using var noGradient = no_grad();
        foreach (var (key, value) in network.state_dict())
        {
            if (key.EndsWith("running_mean", StringComparison.Ordinal)) value.normal_(0, 0.1);
            else if (key.EndsWith("running_var", StringComparison.Ordinal)) value.uniform_(0.8, 1.2);
            else if (value.dim() == 1 && value.is_floating_point() && key.EndsWith("weight", StringComparison.Ordinal))
                value.uniform_(0.4, 0.6);
        }
    }
}
