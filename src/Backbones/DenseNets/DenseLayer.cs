using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>Appends new channels to the outputs of all earlier layers: 1×1 and 3×3 convolutions, each after
/// normalization and ReLU (Huang et al. 2016, arXiv:1608.06993).</summary>
internal sealed class DenseLayer : nn.Module<Tensor, Tensor>
{
    // Channels between the convolutions, relative to the new channels.
    private const int BottleneckFactor = 4;

    private readonly nn.Module<Tensor, Tensor> norm1;
    private readonly Conv2d conv1;
    private readonly nn.Module<Tensor, Tensor> norm2;
    private readonly Conv2d conv2;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="growth">Number of new channels.</param>
    /// <param name="dilation">Dilation of the 3×3 convolution.</param>
    /// <param name="norm">Creates the normalization layers.</param>
    public DenseLayer(int inChannels, int growth, int dilation, Func<int, nn.Module<Tensor, Tensor>> norm) : base(nameof(DenseLayer))
    {
        int inside = BottleneckFactor * growth;
        norm1 = norm(inChannels);
        conv1 = nn.Conv2d(inChannels, inside, 1, bias: false);
        norm2 = norm(inside);
        conv2 = nn.Conv2d(inside, growth, 3, 1, dilation, dilation, bias: false);
        RegisterComponents();
    }

    /// <summary>[N, inChannels, H, W] to [N, inChannels + growth, H, W].</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor y = conv1.call(norm1.call(x).relu_());       // [N, 4·growth, H, W]
        y = conv2.call(norm2.call(y).relu_());              // [N, growth, H, W]
        return cat([x, y], 1).MoveToOuterDisposeScope();
    }
}
