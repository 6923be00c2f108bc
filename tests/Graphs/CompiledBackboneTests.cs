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
    public void LogitsAreThoseOfTheNetwork(string name)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        using Backbone network = BackboneRegistry.Create(name, new BackboneOptions { NumClasses = 7 });
        Fill(network);
        network.eval();
        using var noGradient = no_grad();
        using CompiledNetwork compiled = CompiledNetwork.Of(network, rand(1, 3, 64, 64));
        foreach (Tensor images in (Tensor[])[rand(1, 3, 64, 64), rand(2, 3, 97, 65), rand(1, 3, 64, 64)])
            Close.To(compiled.Call(images), network.call(images), 2e-5, $"logits of {string.Join('×', images.shape)}");
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
