using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>1×1 reduce, 3×3, 1×1 expand (He et al. 2015, arXiv:1512.03385). Stride on the 3×3, as in torchvision.</summary>
public sealed class Bottleneck : nn.Module<Tensor, Tensor>
{
    /// <summary>Output channels over <c>width</c>.</summary>
    public const int Expansion = 4;

    private readonly Conv2d conv1;
    private readonly nn.Module<Tensor, Tensor> bn1;
    private readonly Conv2d conv2;
    private readonly nn.Module<Tensor, Tensor> bn2;
    private readonly Conv2d conv3;
    private readonly nn.Module<Tensor, Tensor> bn3;
    private readonly Sequential? downsample;

    /// <summary>A block from <paramref name="inChannels"/> to 4·<paramref name="width"/> channels.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="width">Channels of the 3×3 convolution.</param>
    /// <param name="stride">Stride of the 3×3 convolution.</param>
    /// <param name="downsample">Brings the shortcut to the output's shape; null where it has that shape.</param>
    /// <param name="norm">The normalisation.</param>
    public Bottleneck(int inChannels, int width, int stride, Sequential? downsample, NormKind norm) : base(nameof(Bottleneck))
    {
        conv1 = nn.Conv2d(inChannels, width, 1, bias: false);
        bn1 = Normalization.Create(norm, width);
        conv2 = nn.Conv2d(width, width, 3, stride, 1, bias: false);
        bn2 = Normalization.Create(norm, width);
        conv3 = nn.Conv2d(width, width * Expansion, 1, bias: false);
        bn3 = Normalization.Create(norm, width * Expansion);
        this.downsample = downsample;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)                // [N, inChannels, H, W]
    {
        using var scope = NewDisposeScope();
        Tensor shortcut = downsample?.call(x) ?? x;         // [N, 4·width, H/stride, W/stride]
        Tensor y = bn1.call(conv1.call(x)).relu_();         // [N, width, H, W]
        y = bn2.call(conv2.call(y)).relu_();                // [N, width, H/stride, W/stride]
        y = bn3.call(conv3.call(y));                        // [N, 4·width, H/stride, W/stride]
        return y.add_(shortcut).relu_().MoveToOuterDisposeScope();
    }
}
