using TorchSharp.Modules;
using Vision.Backbones;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>
/// Atrous spatial pyramid pooling (Chen et al. 2017, arXiv:1706.05587): one map seen pixel by pixel, at three distances and as a whole,
/// brought together again. Keys are torchvision's, <c>convs.*</c> and <c>project.*</c>.
/// </summary>
internal sealed class AtrousPyramid : nn.Module<Tensor, Tensor>
{
    /// <summary>Channels of each part, and of the result.</summary>
    public const int Width = 256;

    private const double DropRate = 0.5;

    private readonly ModuleList<nn.Module<Tensor, Tensor>> convs;
    private readonly Sequential project;

    /// <summary>Freshly drawn weights.</summary>
    /// <param name="channels">Channels of the map.</param>
    /// <param name="rates">Dilations.</param>
    /// <param name="options">Normalization and kind of convolutions.</param>
    public AtrousPyramid(int channels, IReadOnlyList<int> rates, SegmenterOptions options) : base(nameof(AtrousPyramid))
    {
        convs = new();
        convs.Add(HeadLayers.Convolution(channels, Width, 1, options.HeadNorm));
        foreach (int rate in rates) convs.Add(HeadLayers.Convolution3x3(channels, Width, options, rate));
        convs.Add(new PooledContext(channels, Width, options.HeadNorm));
        project = HeadLayers.Convolution(convs.Count * Width, Width, 1, options.HeadNorm);
        project.append(nn.Dropout(DropRate));
        RegisterComponents();
    }

    /// <summary>[N, channels, h, w] to [N, 256, h, w].</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return project.call(cat([.. convs.Select(conv => conv.call(x))], 1)).MoveToOuterDisposeScope();
    }
}
