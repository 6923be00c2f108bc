using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>
/// 1×1 reduce, 3×3, 1×1 expand (He et al. 2015, arXiv:1512.03385), with the stride on the 3×3, as in torchvision. With groups it is
/// ResNeXt's block (Xie et al. 2017, arXiv:1611.05431), with a wide 3×3 Wide ResNet's (Zagoruyko &amp; Komodakis 2016, arXiv:1605.07146).
/// </summary>
public sealed class Bottleneck : nn.Module<Tensor, Tensor>
{
    /// <summary>Ratio of the output channels to the width.</summary>
    public const int Expansion = 4;

    private readonly Conv2d conv1;
    private readonly nn.Module<Tensor, Tensor> bn1;
    private readonly nn.Module<Tensor, Tensor> conv2;
    private readonly Conv2d? conv2_offset;
    private readonly nn.Module<Tensor, Tensor> bn2;
    private readonly Conv2d conv3;
    private readonly nn.Module<Tensor, Tensor> bn3;
    private readonly nn.Module<Tensor, Tensor>? se;
    private readonly nn.Module<Tensor, Tensor>? drop_path;
    private readonly nn.Module<Tensor, Tensor>? downsample;

    private readonly BlockPosition place;

    /// <summary>A block with randomly initialized weights.</summary>
    public Bottleneck(ResidualBlockOptions options) : base(nameof(Bottleneck))
    {
        (int outChannels, place) = (options.Width * Expansion, options.Place);
        int inner = options.Width * options.WidthPerGroup / 64 * options.Groups;
        conv1 = nn.Conv2d(options.InChannels, inner, 1, bias: false);
        bn1 = Normalization.Create(options.Norm, inner);
        conv2 = Conv3x3.Or(inner, inner, 3, place.Stride, place.FirstDilation, options.Groups, bias: false);
        if (options.Deformable) conv2_offset = OffsetsOf(inner);
        bn2 = Normalization.Create(options.Norm, inner);
        conv3 = nn.Conv2d(inner, outChannels, 1, bias: false);
        bn3 = Normalization.Create(options.Norm, outChannels);
        se = ResidualSum.Excitation(options.SqueezeExcitation, outChannels);
        drop_path = ResidualSum.Drop(place);
        downsample = options.Downsample;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)                // [N, inChannels, H, W]
    {
        using var scope = NewDisposeScope();
        Tensor shortcut = downsample?.call(x) ?? x;         // [N, 4·width, H/stride, W/stride]
        Tensor y = bn1.call(conv1.call(x)).relu_();         // [N, inner, H, W]
        y = bn2.call(Spatial(y)).relu_();                   // [N, inner, H/stride, W/stride]
        y = bn3.call(conv3.call(y));                        // [N, 4·width, H/stride, W/stride]
        return ResidualSum.Of(y, shortcut, se, drop_path).relu_().MoveToOuterDisposeScope();
    }

    private Tensor Spatial(Tensor y)
    {
        if (conv2_offset is null) return conv2.call(y);
        using var scope = NewDisposeScope();
        Tensor predicted = conv2_offset.call(y);                                        // [N, 27, H/stride, W/stride]
        Tensor offset = predicted.narrow(1, 0, 18), mask = predicted.narrow(1, 18, 9).sigmoid();
        Tensor weight = Conv3x3.ParametersOf(conv2)!.Value.Weight;
        return DeformConv.Conv2d(y, offset, weight, null, place.Stride, place.FirstDilation, place.FirstDilation, mask)
            .MoveToOuterDisposeScope();
    }

    /// <summary>The convolution that predicts, for each tap of the 3×3 kernel, a vertical and a horizontal offset and finally the
    /// logit of a weight; detectron2's <c>conv2_offset</c>.</summary>
    private Conv2d OffsetsOf(int channels)
    {
        Conv2d offsets = nn.Conv2d(channels, 27, 3, place.Stride, place.FirstDilation, place.FirstDilation);
        nn.init.zeros_(offsets.bias!);
        return offsets;
    }
}
