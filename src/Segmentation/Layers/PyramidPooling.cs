using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>A map concatenated with its means over the whole image and over 2×2, 3×3 and 6×6 bins (Zhao et al.
/// 2016, arXiv:1612.01105), fused by a 3×3 convolution.</summary>
internal sealed class PyramidPooling : nn.Module<Tensor, Tensor>
{
    private static readonly int[] bins = [1, 2, 3, 6];

    private readonly ModuleList<GlobalPoolingBranch> contexts;
    private readonly Sequential fuse;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="channels">Channels of the map.</param>
    /// <param name="width">Channels of the result.</param>
    /// <param name="options">Normalization and kind of convolutions.</param>
    public PyramidPooling(int channels, int width, SegmenterOptions options) : base(nameof(PyramidPooling))
    {
        contexts = new();
        foreach (int side in bins) contexts.Add(new GlobalPoolingBranch(channels, channels / bins.Length, options.HeadNorm, side));
        fuse = HeadLayers.Convolution3x3(channels + bins.Length * (channels / bins.Length), width, options);
        RegisterComponents();
    }

    /// <summary>[N, channels, h, w] to [N, width, h, w].</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return fuse.call(cat([x, .. contexts.Select(context => context.call(x))], 1)).MoveToOuterDisposeScope();
    }
}
