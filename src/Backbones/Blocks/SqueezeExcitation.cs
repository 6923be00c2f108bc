using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>
/// Scales channels by gates computed from the globally pooled features (Hu et al. 2018, arXiv:1709.01507), with the
/// keys <c>fc1</c> and <c>fc2</c> that torchvision and timm share.
/// </summary>
public sealed class SqueezeExcitation : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d fc1;
    private readonly Conv2d fc2;
    private readonly nn.Module<Tensor, Tensor> activation;
    private readonly nn.Module<Tensor, Tensor> scale_activation;

    /// <summary>A layer over [N, <paramref name="channels"/>, H, W].</summary>
    /// <param name="channels">Channels of the input.</param>
    /// <param name="squeezedChannels">Channels between its two layers.</param>
    /// <param name="activation">The activation between them; null for ReLU.</param>
    /// <param name="gate">Maps the scales to [0, 1]; null for the sigmoid.</param>
    public SqueezeExcitation(int channels, int squeezedChannels, nn.Module<Tensor, Tensor>? activation = null,
        nn.Module<Tensor, Tensor>? gate = null) : base(nameof(SqueezeExcitation))
    {
        fc1 = nn.Conv2d(channels, squeezedChannels, 1);
        fc2 = nn.Conv2d(squeezedChannels, channels, 1);
        this.activation = activation ?? nn.ReLU();
        scale_activation = gate ?? nn.Sigmoid();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)                                            // [N, C, H, W]
    {
        using var scope = NewDisposeScope();
        Tensor squeezed = nn.functional.adaptive_avg_pool2d(x, 1);                      // [N, C, 1, 1]
        Tensor scale = scale_activation.call(fc2.call(activation.call(fc1.call(squeezed))));
        return (x * scale).MoveToOuterDisposeScope();
    }
}
