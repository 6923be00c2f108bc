using TorchSharp.Modules;
using Vision.Backbones;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Creates the heads that turn a pooled region into a feature vector.</summary>
internal static class BoxHeads
{
    private const int Width = 1024;
    private const int Convolutions = 4;

    /// <summary>The side that regions are pooled to: 14 for a last stage, which halves it, otherwise 7.</summary>
    public static int PooledSide(BoxHeadKind kind) => kind == BoxHeadKind.LastStage ? 14 : 7;

    /// <summary>A head with randomly initialized weights, and the length of its feature vectors.</summary>
    public static (nn.Module<Tensor, Tensor> Head, int Features) Create(RcnnDesign design)
    {
        FeatureBackbone features = design.Features;
        int channels = features.OutChannels, side = PooledSide(design.BoxHead);
        return design.BoxHead switch
        {
            BoxHeadKind.LastStage => (new LastStageHead(features.Body), features.Body.Stages[^1].Channels),
            BoxHeadKind.Convolutions => (Convolved(channels, side, design.HeadNorm), Width),
            _ => (new BoxHead(channels * side * side, Width), Width),
        };
    }

    // torchvision's FastRCNNConvFCHead: a Sequential in which 0..3 are the convolutions, and 5 the fully connected layer.
    private static Sequential Convolved(int channels, int side, NormKind? norm)
    {
        List<nn.Module<Tensor, Tensor>> layers =
            [.. Enumerable.Range(0, Convolutions).Select(_ => RoiHeadLayers.Convolution(channels, channels, norm))];
        layers.AddRange([nn.Flatten(), nn.Linear(channels * side * side, Width), nn.ReLU(true)]);
        return nn.Sequential(layers);
    }
}
