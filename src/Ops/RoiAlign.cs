#if SYSTEM_PROVIDER
using TorchSharp;
#endif
using Vision.Ops.RoiAlignment;
using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>
/// RoIAlign (He et al. 2017, arXiv:1703.06870): features of fixed size for each region, by bilinear samples at exact,
/// unrounded positions. Equal to <c>torchvision.ops.roi_align</c>, with a gradient for the features and none for the regions.
/// </summary>
public static class RoiAlign
{
#if SYSTEM_PROVIDER
    private static readonly Op op = new("vision::roi_align");
#endif

    /// <summary>Pools every region from the features of its image.</summary>
    /// <param name="features">[N, C, H, W], any floating dtype.</param>
    /// <param name="rois">[R, 5]: index of the image in the batch, then x1, y1, x2, y2 in input pixels. float32 also where features are narrower.</param>
    /// <param name="outHeight">Rows of bins.</param>
    /// <param name="outWidth">Columns of bins.</param>
    /// <param name="spatialScale">Size of the features over size of the input: 1 / stride.</param>
    /// <param name="samplingRatio">Samples per bin along each axis; 0 or less for about one per feature pixel.</param>
    /// <param name="aligned">Whether pixel centres lie at half coordinates. Faster R-CNN of torchvision says false.</param>
    /// <returns>[R, C, outHeight, outWidth], contiguous, with the dtype of the features.</returns>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">A shape is wrong, or a region is not finite or in no image of the batch.</exception>
    public static Tensor Pool(
        Tensor features, Tensor rois, long outHeight, long outWidth, double spatialScale, long samplingRatio, bool aligned = false) =>
#if SYSTEM_PROVIDER
        op.Call(features, rois, spatialScale, outHeight, outWidth, samplingRatio, aligned);
#else
        RoiAlignPortable.Pool(features, rois, outHeight, outWidth, spatialScale, samplingRatio, aligned);
#endif
}
