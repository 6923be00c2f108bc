using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>The initialization of residual networks: convolutions from a normal distribution that preserves the
/// variance of gradients (He et al. 2015, arXiv:1502.01852).</summary>
internal static class ResNetInitialization
{
    /// <summary>Initializes all convolutions of a network, in torchvision's order.</summary>
    public static void Draw(nn.Module network)
    {
        foreach (Parameter weight in Weights(network))
            nn.init.kaiming_normal_(weight, 0, nn.init.FanInOut.FanOut, nn.init.NonlinearityType.ReLU);
        // The offsets of a deformable convolution start at 0: it samples where a plain one does.
        foreach (var (name, weight) in network.named_parameters())
            if (name.EndsWith("conv2_offset.weight", StringComparison.Ordinal)) nn.init.zeros_(weight);
    }

    // Depth first, in order of registration, like Python's modules(): it determines the order of random draws.
    private static IEnumerable<Parameter> Weights(nn.Module module) =>
        module.children().SelectMany(child => Conv3x3.ParametersOf(child) is { } own ? [own.Weight] : Weights(child));
}
