using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Segmentation;

/// <summary>Changes of resolution.</summary>
internal static class Resampling
{
    /// <summary>A map [N, C, h, w] as [N, C, <paramref name="height"/>, <paramref name="width"/>]: itself if it has that size.</summary>
    public static Tensor To(Tensor x, long height, long width) => x.shape[^2] == height && x.shape[^1] == width
        ? x.alias()
        : interpolate(x, [height, width], mode: InterpolationMode.Bilinear, align_corners: false);
}
