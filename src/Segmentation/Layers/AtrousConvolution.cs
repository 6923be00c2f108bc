using TorchSharp.Modules;
using Vision.Ops;
using Vision.Ops.Convolution;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>A dilated 3×3 convolution without bias that keeps the size (Chen et al. 2014, arXiv:1412.7062).</summary>
internal sealed class AtrousConvolution : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly int dilation;

    /// <summary>Weights initialized like those of <c>nn.Conv2d</c>.</summary>
    public AtrousConvolution(int inChannels, int outChannels, int dilation) : base(nameof(AtrousConvolution))
    {
        this.dilation = dilation;
        using Conv2d drawn = nn.Conv2d(inChannels, outChannels, 3, bias: false);
        weight = new Parameter(drawn.weight!.detach().clone());
        RegisterComponents();
        this.DetachOwnTensors();
    }

    /// <summary>[N, inChannels, H, W] to [N, outChannels, H, W].</summary>
    public override Tensor forward(Tensor x) => WinogradFunction.Pays(x, weight, dilation)
        ? WinogradFunction.Convolve(x, weight, dilation) : DilatedConv.Conv2d(x, weight, dilation);
}
