using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Detection;

/// <summary>The last layer of Keypoint R-CNN's branch (He et al. 2017, arXiv:1703.06870, section 5): one heat map
/// for each keypoint; torchvision's KeypointRCNNPredictor.</summary>
internal sealed class KeypointPredictor : nn.Module<Tensor, Tensor>
{
    /// <summary>The side that regions are pooled to; their heat maps are four times as large.</summary>
    public const int PooledSide = 14;

    private const int Width = 512;
    private const int Convolutions = 8;

    private readonly ConvTranspose2d kps_score_lowres;

    /// <summary>A predictor with randomly initialized weights.</summary>
    /// <param name="keypoints">Number of keypoints per object.</param>
    public KeypointPredictor(int keypoints) : base(nameof(KeypointPredictor))
    {
        kps_score_lowres = nn.ConvTranspose2d(Width, keypoints, 4, 2, 1);
        RegisterComponents();
        RoiHeadLayers.Draw(kps_score_lowres.weight);
        nn.init.zeros_(kps_score_lowres.bias!);
    }

    /// <summary>The layers before the predictor, torchvision's KeypointRCNNHeads: eight convolutions, [R, channels, 14, 14] to
    /// [R, 512, 14, 14]; keys <c>0</c>, <c>2</c>, … <c>14</c>.</summary>
    public static Sequential Head(int channels)
    {
        List<nn.Module<Tensor, Tensor>> layers = [];
        for (int i = 0; i < Convolutions; i++)
        {
            layers.Add(RoiHeadLayers.Drawn(new Conv3x3(i == 0 ? channels : Width, Width)));
            layers.Add(nn.ReLU(true));
        }
        return nn.Sequential(layers);
    }

    /// <summary>Logits [R, keypoints, 56, 56] of features [R, 512, 14, 14].</summary>
    public override Tensor forward(Tensor features)
    {
        using var scope = NewDisposeScope();
        Tensor coarse = kps_score_lowres.call(features);                                // [R, keypoints, 28, 28]
        return interpolate(coarse, scale_factor: [2, 2], mode: InterpolationMode.Bilinear, align_corners: false).MoveToOuterDisposeScope();
    }
}
