using TorchSharp.Modules;
using Vision.Ops.Convolution;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Ops;

/// <summary>
/// A 3×3 convolution of stride 1 that keeps the size: <c>nn.Conv2d</c> with the same weights, keys and results up to rounding, but faster to
/// train on a CPU. Where a network runs channels-last and has enough channels and pixels, it and both of its gradients are computed by
/// Winograd's F(4×4, 3×3) (Lavin and Gray 2015, arXiv:1509.09308).
/// </summary>
public sealed class Conv3x3 : nn.Module<Tensor, Tensor>
{
    private const int Kernel = 3;

    private readonly Parameter weight;
    private readonly Parameter? bias;
    private readonly int dilation;

    /// <summary>Weights drawn as those of <c>nn.Conv2d</c>.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="dilation">Distance between the pixels that the kernel covers, 1 or more.</param>
    /// <param name="bias">Whether a bias is added.</param>
    public Conv3x3(int inChannels, int outChannels, int dilation = 1, bool bias = true) : base(nameof(Conv3x3))
    {
        this.dilation = dilation;
        using Conv2d drawn = nn.Conv2d(inChannels, outChannels, Kernel, bias: bias);
        weight = new Parameter(drawn.weight!.detach().clone());
        if (drawn.bias is { } shift) this.bias = new Parameter(shift.detach().clone());
        RegisterComponents();
        this.DetachOwnTensors();
    }

    /// <summary>[outChannels, inChannels, 3, 3].</summary>
    public Parameter Weight => weight;

    /// <summary>[outChannels], or null.</summary>
    public Parameter? Bias => bias;

    /// <summary>A convolution padded so that only the stride changes the size: a <see cref="Conv3x3"/> if it is one, else
    /// <c>nn.Conv2d</c>.</summary>
    public static nn.Module<Tensor, Tensor> Or(int inChannels, int outChannels, int kernel, int stride = 1, int dilation = 1,
        int groups = 1, bool bias = true) => kernel == Kernel && stride == 1 && groups == 1
        ? new Conv3x3(inChannels, outChannels, dilation, bias)
        : nn.Conv2d(inChannels, outChannels, kernel, stride, kernel / 2 * dilation, dilation, groups: groups, bias: bias);

    /// <summary>The weight and the bias, if it has one, of a layer that is a two-dimensional convolution; else null.</summary>
    public static (Parameter Weight, Parameter? Bias)? ParametersOf(nn.Module layer) => layer switch
    {
        Conv3x3 own => (own.weight, own.bias),
        Conv2d other => (other.weight!, other.bias),
        _ => null,
    };

    /// <summary>[N, inChannels, H, W] to [N, outChannels, H, W].</summary>
    public override Tensor forward(Tensor x)
    {
        if (!WinogradFunction.Pays(x, weight, dilation))
            return conv2d(x, weight, bias, [1, 1], [dilation, dilation], [dilation, dilation]);
        using var scope = NewDisposeScope();
        Tensor y = WinogradFunction.Convolve(x, weight, dilation);
        return (bias is null ? y : y.add_(bias.view(1, -1, 1, 1))).MoveToOuterDisposeScope();
    }
}
