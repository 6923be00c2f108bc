using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops.RoiAlignment;

/// <summary>Checks the arguments of RoIAlign, on every device.</summary>
internal static class RoiAlignChecks
{
    /// <summary>Checks dtypes, shapes and devices.</summary>
    /// <param name="features">Must be [N, C, H, W] with at least one pixel, of a floating dtype.</param>
    /// <param name="rois">Must be [R, 5], on the same device.</param>
    /// <param name="outHeight">Must be above 0.</param>
    /// <param name="outWidth">Must be above 0.</param>
    /// <exception cref="ArgumentException">An argument violates these conditions.</exception>
    public static void Arguments(Tensor features, Tensor rois, long outHeight, long outWidth)
    {
        if (features.dim() != 4 || features.shape[2] == 0 || features.shape[3] == 0)
            throw Failure($"The features are {Shape(features)}; expected [N, C, H, W] with at least one pixel.", nameof(features));
        if (features.dtype is not (ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
            throw Failure($"The features are {features.dtype}; expected floating point.", nameof(features));
        if (rois.dim() != 2 || rois.shape[1] != 5)
            throw Failure($"The regions are {Shape(rois)}; expected [R, 5]: batch index, x1, y1, x2, y2.", nameof(rois));
        if (features.device_type != rois.device_type || features.device_index != rois.device_index)
            throw Failure($"The regions are on {rois.device}; expected them with the features on {features.device}.", nameof(rois));
        if (outHeight <= 0) throw Failure($"The output has {outHeight} rows of bins; expected at least one.", nameof(outHeight));
        if (outWidth <= 0) throw Failure($"The output has {outWidth} columns of bins; expected at least one.", nameof(outWidth));
    }

    /// <summary>Checks that all regions are finite and in images of the batch. On a GPU, this synchronizes.</summary>
    /// <param name="features">[N, C, H, W].</param>
    /// <param name="rois">[R, 5].</param>
    /// <exception cref="ArgumentException">A region is invalid; the message names it.</exception>
    public static unsafe void Regions(Tensor features, Tensor rois)
    {
        using var scope = NewDisposeScope();
        long images = features.shape[0];
        // In the precision in which they are used: a value that is finite in float64 may not be in float32.
        Tensor plain = rois.detach().cpu().to(RoiAlignCpu.CoordinateType(features.dtype)).to(ScalarType.Float64).contiguous();
        double* values = plain.Pointer<double>();
        for (long i = 0; i < rois.shape[0]; i++)
        {
            ReadOnlySpan<double> roi = new(values + 5 * i, 5);
            foreach (double value in roi)
            {
                if (!double.IsFinite(value))
                    throw Failure($"Region {i} is not finite: [{string.Join(", ", roi.ToArray())}].", nameof(rois));
            }
            if (!(roi[0] >= 0 && roi[0] < images))
                throw Failure($"Region {i} is in image {roi[0]}; expected 0 to {images - 1} of the {images} images.", nameof(rois));
        }
    }

    private static ArgumentException Failure(string message, string argument) => new(message, argument);

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
