using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>Two 3×3 convolutions with a shortcut (He et al. 2015, arXiv:1512.03385).</summary>
public sealed class BasicBlock : nn.Module<Tensor, Tensor>
{
    /// <summary>Ratio of the output channels to the width.</summary>
    public const int Expansion = 1;

    private readonly nn.Module<Tensor, Tensor> conv1;
    private readonly nn.Module<Tensor, Tensor> bn1;
    private readonly nn.Module<Tensor, Tensor> conv2;
    private readonly nn.Module<Tensor, Tensor> bn2;
    private readonly nn.Module<Tensor, Tensor>? se;
    private readonly nn.Module<Tensor, Tensor>? drop_path;
    private readonly nn.Module<Tensor, Tensor>? downsample;

    /// <summary>A block with randomly initialized weights.</summary>
    public BasicBlock(ResidualBlockOptions options) : base(nameof(BasicBlock))
    {
        (int width, BlockPosition place) = (options.Width, options.Place);
        conv1 = Conv3x3.Or(options.InChannels, width, 3, place.Stride, place.FirstDilation, bias: false);
        bn1 = Normalization.Create(options.Norm, width);
        conv2 = new Conv3x3(width, width, place.Dilation, bias: false);
        bn2 = Normalization.Create(options.Norm, width);
        se = ResidualSum.Excitation(options.SqueezeExcitation, width);
        drop_path = ResidualSum.Drop(place);
        downsample = options.Downsample;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)                // [N, inChannels, H, W]
    {
        using var scope = NewDisposeScope();
        Tensor shortcut = downsample?.call(x) ?? x;         // [N, width, H/stride, W/stride]
        Tensor y = bn1.call(conv1.call(x)).relu_();         // [N, width, H/stride, W/stride]
        y = bn2.call(conv2.call(y));
        return ResidualSum.Of(y, shortcut, se, drop_path).relu_().MoveToOuterDisposeScope();
    }
}
