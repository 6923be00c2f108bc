using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>Two 3×3 convolutions around a shortcut (He et al. 2015, arXiv:1512.03385).</summary>
public sealed class BasicBlock : nn.Module<Tensor, Tensor>
{
    /// <summary>Output channels over <c>width</c>.</summary>
    public const int Expansion = 1;

    private readonly Conv2d conv1;
    private readonly nn.Module<Tensor, Tensor> bn1;
    private readonly Conv2d conv2;
    private readonly nn.Module<Tensor, Tensor> bn2;
    private readonly Sequential? downsample;

    /// <summary>A block from <paramref name="inChannels"/> to <paramref name="width"/> channels.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="width">Channels of both convolutions.</param>
    /// <param name="stride">Stride of the first.</param>
    /// <param name="downsample">Brings the shortcut to the output's shape; null where it has that shape.</param>
    /// <param name="norm">The normalisation.</param>
    public BasicBlock(int inChannels, int width, int stride, Sequential? downsample, NormKind norm) : base(nameof(BasicBlock))
    {
        conv1 = nn.Conv2d(inChannels, width, 3, stride, 1, bias: false);
        bn1 = Normalization.Create(norm, width);
        conv2 = nn.Conv2d(width, width, 3, 1, 1, bias: false);
        bn2 = Normalization.Create(norm, width);
        this.downsample = downsample;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)                // [N, inChannels, H, W]
    {
        using var scope = NewDisposeScope();
        Tensor shortcut = downsample?.call(x) ?? x;         // [N, width, H/stride, W/stride]
        Tensor y = bn1.call(conv1.call(x)).relu_();         // [N, width, H/stride, W/stride]
        y = bn2.call(conv2.call(y));
        return y.add_(shortcut).relu_().MoveToOuterDisposeScope();
    }
}
