using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>
/// A residual block that normalizes and activates before each convolution, so that nothing follows the sum
/// (He et al. 2016, arXiv:1603.05027): two 3×3 convolutions, or 1×1, 3×3, 1×1 with an output of four times
/// the width. Keys are those of the post-activation block.
/// </summary>
internal sealed class PreActivationBlock : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor>? bn1;
    private readonly nn.Module<Tensor, Tensor> conv1;
    private readonly nn.Module<Tensor, Tensor> bn2;
    private readonly nn.Module<Tensor, Tensor> conv2;
    private readonly nn.Module<Tensor, Tensor>? bn3;
    private readonly Conv2d? conv3;
    private readonly nn.Module<Tensor, Tensor>? drop_path;
    private readonly nn.Module<Tensor, Tensor>? downsample;

    /// <summary>A block with randomly initialized weights.</summary>
    /// <param name="options">Its channels and place. The shortcut's <see cref="ResidualBlockOptions.Downsample"/>
    /// is a bare convolution of the activated input.</param>
    /// <param name="bottleneck">Whether it has three convolutions.</param>
    /// <param name="activated">Whether the input is already activated, as the stem's output is; the block then has no <c>bn1</c>.</param>
    public PreActivationBlock(ResidualBlockOptions options, bool bottleneck, bool activated) : base(nameof(PreActivationBlock))
    {
        (int width, BlockPosition place) = (options.Width, options.Place);
        if (!activated) bn1 = Normalization.Create(options.Norm, options.InChannels);
        conv1 = bottleneck
            ? nn.Conv2d(options.InChannels, width, 1, bias: false)
            : Conv3x3.Or(options.InChannels, width, 3, place.Stride, place.FirstDilation, bias: false);
        bn2 = Normalization.Create(options.Norm, width);
        conv2 = bottleneck
            ? Conv3x3.Or(width, width, 3, place.Stride, place.FirstDilation, bias: false)
            : new Conv3x3(width, width, place.Dilation, bias: false);
        if (bottleneck)
        {
            bn3 = Normalization.Create(options.Norm, width);
            conv3 = nn.Conv2d(width, width * Bottleneck.Expansion, 1, bias: false);
        }
        drop_path = ResidualSum.Drop(place);
        downsample = options.Downsample;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)                            // [N, inChannels, H, W]
    {
        using var scope = NewDisposeScope();
        Tensor active = bn1?.call(x).relu_() ?? x;                      // [N, inChannels, H, W]
        Tensor shortcut = downsample?.call(active) ?? x;                // [N, outChannels, H/stride, W/stride]
        Tensor y = conv2.call(bn2.call(conv1.call(active)).relu_());    // [N, width, H/stride, W/stride]
        if (conv3 is not null) y = conv3.call(bn3!.call(y).relu_());    // [N, 4·width, H/stride, W/stride]
        return ResidualSum.Of(y, shortcut, se: null, drop_path).MoveToOuterDisposeScope();
    }
}
