using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>
/// Atrous spatial pyramid pooling (Chen et al. 2017, arXiv:1706.05587): parallel branches of a 1×1 convolution, three dilated convolutions
/// and global pooling, concatenated and projected. Keys are torchvision's, <c>convs.*</c> and <c>project.*</c>.
/// </summary>
internal sealed class AtrousSpatialPyramidPooling : nn.Module<Tensor, Tensor>
{
    /// <summary>Channels of each branch, and of the result.</summary>
    public const int Width = 256;

    private const double DropRate = 0.5;

    private readonly ModuleList<nn.Module<Tensor, Tensor>> convs;
    private readonly Sequential project;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="channels">Channels of the map.</param>
    /// <param name="rates">Dilations.</param>
    /// <param name="options">Normalization and kind of convolutions.</param>
    public AtrousSpatialPyramidPooling(int channels, IReadOnlyList<int> rates, SegmenterOptions options)
        : base(nameof(AtrousSpatialPyramidPooling))
    {
        convs = new();
        convs.Add(HeadLayers.Convolution(channels, Width, 1, options.HeadNorm));
        foreach (int rate in rates) convs.Add(HeadLayers.Convolution3x3(channels, Width, options, rate));
        convs.Add(new GlobalPoolingBranch(channels, Width, options.HeadNorm));
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
