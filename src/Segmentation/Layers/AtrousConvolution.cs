using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Segmentation;

/// <summary>
/// A dilated 3×3 convolution without bias that keeps the size (Chen et al. 2014, arXiv:1412.7062). On a map so small that the outer taps
/// always lie outside, only the inner taps are computed: the same result with as little as a ninth of the products.
/// </summary>
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
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        // whether only one row or column of the kernel ever overlaps the map
        bool row = x.shape[2] <= dilation, column = x.shape[3] <= dilation;
        Tensor kernel = weight;
        if (row) kernel = kernel.narrow(2, 1, 1);
        if (column) kernel = kernel.narrow(3, 1, 1);
        return conv2d(x, kernel, null, [1, 1], [row ? 0 : dilation, column ? 0 : dilation], [dilation, dilation]).MoveToOuterDisposeScope();
    }
}
