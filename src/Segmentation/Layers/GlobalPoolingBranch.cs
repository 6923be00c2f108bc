using TorchSharp.Modules;
using TorchSharp.Utils;
using Vision.Backbones;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>
/// Context of the whole image, or of each of its bins: average pooling, a 1×1 convolution, and upsampling to the size of the map (Liu
/// et al. 2015, arXiv:1506.04579; Zhao et al. 2016, arXiv:1612.01105). Keys <c>1</c> and <c>2</c>, as in torchvision.
/// </summary>
internal sealed class GlobalPoolingBranch : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "0")] private readonly AdaptiveAvgPool2d pool;
    [ComponentName(Name = "1")] private readonly Conv2d conv;
    [ComponentName(Name = "2")] private readonly nn.Module<Tensor, Tensor> norm;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="inChannels">Channels of the map.</param>
    /// <param name="outChannels">Channels of the result.</param>
    /// <param name="kind">The normalization.</param>
    /// <param name="bins">Bins per side: 1 for the whole image.</param>
    public GlobalPoolingBranch(int inChannels, int outChannels, NormKind kind, int bins = 1) : base(nameof(GlobalPoolingBranch))
    {
        pool = nn.AdaptiveAvgPool2d(bins);
        conv = nn.Conv2d(inChannels, outChannels, 1, bias: false);
        norm = Normalization.Create(kind, outChannels);
        RegisterComponents();
    }

    /// <summary>[N, inChannels, h, w] to [N, outChannels, h, w].</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor pooled = conv.call(pool.call(x));                            // [N, outChannels, bins, bins]
        return ResizeLike.Bilinear(Normalized(pooled).relu(), x).MoveToOuterDisposeScope();
    }

    // With one image and one bin, as may happen in the last batch of an epoch, a channel has a single value
    // and no variance. The running statistics are used instead.
    private Tensor Normalized(Tensor pooled)
    {
        if (!norm.training || pooled.numel() > pooled.shape[1]) return norm.call(pooled);
        norm.eval();
        try
        {
            return norm.call(pooled);
        }
        finally
        {
            norm.train();
        }
    }
}
