using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>Layer normalization over the channels of each pixel of [N, C, H, W] (Ba et al. 2016,
/// arXiv:1607.06450), with torchvision's keys <c>weight</c> and <c>bias</c>.</summary>
public sealed class LayerNorm2d : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter bias;
    private readonly double epsilon;

    /// <summary>A layer with initial scale 1 and shift 0.</summary>
    /// <param name="channels">Channels of the input.</param>
    /// <param name="epsilon">Added to the variance; the default is ConvNeXt's.</param>
    public LayerNorm2d(int channels, double epsilon = 1e-6) : base(nameof(LayerNorm2d))
    {
        this.epsilon = epsilon;
        weight = nn.Parameter(ones(channels));
        bias = nn.Parameter(zeros(channels));
        RegisterComponents();
        this.DetachOwnTensors();
    }

    /// <summary>(x − mean) / √(var + ε) · weight + bias, with the mean and variance over the channels of one pixel.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Tensor pixels = input.permute(0, 2, 3, 1);      // [N, H, W, C]
        return nn.functional.layer_norm(pixels, [input.shape[1]], weight, bias, epsilon).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
