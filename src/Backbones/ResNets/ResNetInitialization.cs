using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>How residual networks start: convolutions from a normal distribution that keeps the
/// variance of gradients (He et al. 2015, arXiv:1502.01852).</summary>
internal static class ResNetInitialization
{
    /// <summary>Draws all convolutions of a network, in torchvision's order.</summary>
    public static void Draw(nn.Module network)
    {
        foreach (Conv2d convolution in Convolutions(network))
            nn.init.kaiming_normal_(convolution.weight!, 0, nn.init.FanInOut.FanOut, nn.init.NonlinearityType.ReLU);
        // A deformable convolution starts where a plain one samples.
        foreach (var (_, weight) in network.named_parameters()
            .Where(entry => entry.name.EndsWith("conv2_offset.weight", StringComparison.Ordinal)))
            nn.init.zeros_(weight);
    }

    // Depth first, in order of registration, as Python's modules() goes: it fixes the order of random numbers.
    private static IEnumerable<Conv2d> Convolutions(nn.Module module) =>
        module.children().SelectMany(child => child is Conv2d convolution ? [convolution] : Convolutions(child));
}
