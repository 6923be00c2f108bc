using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Backbones;

/// <summary>
/// A bottleneck whose 3×3 is a chain of convolutions over slices of the channels, so that one block has several
/// receptive field sizes (Gao et al. 2019, arXiv:1904.01169), with timm's keys.
/// </summary>
internal sealed class Res2NetBlock : nn.Module<Tensor, Tensor>
{
    /// <summary>Ratio of the output channels to the width.</summary>
    public const int Expansion = 4;

    /// <summary>Number of channel slices; one of them is passed on unchanged.</summary>
    private const int Scale = 4;

    private readonly Conv2d conv1;
    private readonly nn.Module<Tensor, Tensor> bn1;
    private readonly ModuleList<Conv2d> convs;
    private readonly ModuleList<nn.Module<Tensor, Tensor>> bns;
    private readonly Conv2d conv3;
    private readonly nn.Module<Tensor, Tensor> bn3;
    private readonly nn.Module<Tensor, Tensor>? se;
    private readonly nn.Module<Tensor, Tensor>? drop_path;
    private readonly nn.Module<Tensor, Tensor>? downsample;
    private readonly int sliceWidth;
    private readonly int stride;

    /// <summary>A block with randomly initialized weights.</summary>
    public Res2NetBlock(ResidualBlockOptions options) : base(nameof(Res2NetBlock))
    {
        (int outChannels, BlockPosition place) = (options.Width * Expansion, options.Place);
        sliceWidth = options.Width * options.WidthPerGroup / 64 * options.Groups;
        stride = place.Stride;
        conv1 = nn.Conv2d(options.InChannels, sliceWidth * Scale, 1, bias: false);
        bn1 = Normalization.Create(options.Norm, sliceWidth * Scale);
        convs = new ModuleList<Conv2d>();
        bns = new ModuleList<nn.Module<Tensor, Tensor>>();
        for (int i = 1; i < Scale; i++)
        {
            convs.Add(nn.Conv2d(
                sliceWidth, sliceWidth, 3, stride, place.FirstDilation, place.FirstDilation, groups: options.Groups, bias: false));
            bns.Add(Normalization.Create(options.Norm, sliceWidth));
        }
        conv3 = nn.Conv2d(sliceWidth * Scale, outChannels, 1, bias: false);
        bn3 = Normalization.Create(options.Norm, outChannels);
        se = ResidualSum.Excitation(options.SqueezeExcitation, outChannels);
        drop_path = ResidualSum.Drop(place);
        downsample = options.Downsample;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)                                    // [N, inChannels, H, W]
    {
        using var scope = NewDisposeScope();
        Tensor shortcut = downsample?.call(x) ?? x;                             // [N, 4·width, H/stride, W/stride]
        Tensor y = bn1.call(conv1.call(x)).relu_();                             // [N, 4·slice, H, W]
        y = bn3.call(conv3.call(MultiScale(y)));                                // [N, 4·width, H/stride, W/stride]
        return ResidualSum.Of(y, shortcut, se, drop_path).relu_().MoveToOuterDisposeScope();
    }

    private Tensor MultiScale(Tensor y)
    {
        // The first block of a stage, whose shortcut changes shape: its slices are not summed.
        bool first = downsample is not null;
        var slices = new Tensor[Scale];
        for (int i = 0; i < Scale - 1; i++)
        {
            Tensor slice = y.narrow(1, i * sliceWidth, sliceWidth);
            if (i > 0 && !first) slice = slice + slices[i - 1];
            slices[i] = bns[i].call(convs[i].call(slice)).relu_();              // [N, slice, H/stride, W/stride]
        }
        Tensor rest = y.narrow(1, (Scale - 1) * sliceWidth, sliceWidth);
        slices[^1] = first ? avg_pool2d(rest, 3, stride, 1) : rest;
        return cat(slices, 1);
    }
}
