using TorchSharp.Modules;
using Vision.Backbones;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Creates Mask R-CNN's branch (He et al. 2017, arXiv:1703.06870, figure 4): four convolutions,
/// 2× upsampling, and a mask for each class.</summary>
internal static class MaskBranch
{
    /// <summary>The side that regions are pooled to; their masks are twice as large.</summary>
    public const int PooledSide = 14;

    private const int Width = 256;
    private const int Convolutions = 4;

    /// <summary>torchvision's MaskRCNNHeads: [R, channels, 14, 14] to [R, 256, 14, 14]; keys <c>0.0</c> to <c>3.0</c>.</summary>
    public static Sequential Head(int channels, NormKind? norm)
    {
        List<nn.Module<Tensor, Tensor>> layers =
            [.. Enumerable.Range(0, Convolutions).Select(i => RoiHeadLayers.Convolution(i == 0 ? channels : Width, Width, norm))];
        return nn.Sequential(layers);
    }

    /// <summary>torchvision's MaskRCNNPredictor: [R, 256, 14, 14] to logits [R, classes, 28, 28]; keys
    /// <c>conv5_mask</c> and <c>mask_fcn_logits</c>.</summary>
    public static Sequential Predictor(int numClasses)
    {
        ConvTranspose2d enlarge = nn.ConvTranspose2d(Width, Width, 2, 2);
        Conv2d logits = nn.Conv2d(Width, numClasses, 1);
        RoiHeadLayers.Draw(enlarge.weight);
        RoiHeadLayers.Draw(logits.weight);
        return nn.Sequential(("conv5_mask", enlarge), ("relu", nn.ReLU(true)), ("mask_fcn_logits", logits));
    }
}
