using System.Runtime.InteropServices;
using TorchSharp;
using Vision.Ops.Libtorch;
using Vision.Ops.RoiAlignment;
using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>
/// RoIAlign (He et al. 2017, arXiv:1703.06870): features of fixed size for each region, by bilinear samples at exact,
/// unrounded positions. Equal to <c>torchvision.ops.roi_align</c>, with a gradient for the features and none for the regions.
/// </summary>
public static unsafe class RoiAlign
{
    private static readonly CustomOperator op = new(
        "roi_align(Tensor features, Tensor rois, float spatial_scale, int out_height, int out_width, int sampling_ratio, bool aligned) " +
            "-> Tensor", &Kernel);

    /// <summary>Pools every region from the features of its image: the operator <c>vision::roi_align</c>.</summary>
    /// <param name="features">[N, C, H, W], any floating dtype.</param>
    /// <param name="rois">[R, 5]: index of the image in the batch, then x1, y1, x2, y2 in input
    /// pixels. float32 also if the features are in half precision.</param>
    /// <param name="outHeight">Rows of bins.</param>
    /// <param name="outWidth">Columns of bins.</param>
    /// <param name="spatialScale">Ratio of the features' size to the input's: 1 / stride.</param>
    /// <param name="samplingRatio">Samples per bin along each axis; 0 or less for about one per feature pixel.</param>
    /// <param name="aligned">Whether pixel centers are at half-integer coordinates. False in torchvision's Faster R-CNN.</param>
    /// <returns>[R, C, outHeight, outWidth], contiguous, with the dtype of the features.</returns>
    /// <exception cref="ArgumentException">A shape, a dtype or a device is wrong, or, on the CPU, a
    /// region is not finite or in no image of the batch.</exception>
    public static Tensor Pool(Tensor features, Tensor rois, long outHeight, long outWidth, double spatialScale, long samplingRatio,
        bool aligned = false) =>
        op.Call(features, rois, spatialScale, outHeight, outWidth, samplingRatio, aligned);

    [UnmanagedCallersOnly]
    private static void Kernel(ulong* stack, ulong arguments, ulong results) => op.Run(stack, given =>
    {
        Tensor features = given.Tensor(0), rois = given.Tensor(1);
        RoiAlignOptions options = new(given.Int(3), given.Int(4), given.Float(2), given.Int(5), given.Bool(6));
        RoiAlignChecks.Arguments(features, rois, options.OutHeight, options.OutWidth);
        // On a GPU this would wait for all pending work.
        if (features.device_type == DeviceType.CPU) RoiAlignChecks.Regions(features, rois);
        return RoiAlignFunction.Pool(features, rois, options);
    });
}
