using System.Numerics;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops.RoiAlignment;

/// <summary>
/// RoIAlign and its gradient on the CPU, for arguments that <see cref="RoiAlignChecks"/> has checked. Features keep their memory
/// format, contiguous or channels-last; pooled regions are contiguous. Half precision is computed in float32. Results do not depend on
/// the number of threads.
/// </summary>
internal static unsafe class RoiAlignCpu
{
    /// <summary>
    /// Whether features are channels-last, and are pooled as such.
    /// If both formats are the same in memory, they count as contiguous.
    /// </summary>
    public static bool IsChannelsLast(Tensor features)
    {
        if (features.is_contiguous()) return false;
        using Tensor pixels = features.permute(0, 2, 3, 1);
        return pixels.is_contiguous();
    }

    /// <summary>
    /// Half precision has too few digits for pixel coordinates, so regions, and all computations, are at least in float32.
    /// </summary>
    public static ScalarType CoordinateType(ScalarType features) =>
        features == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;

    /// <inheritdoc cref="RoiAlign.Pool"/>
    public static Tensor Forward(
        Tensor features, Tensor rois, long outHeight, long outWidth, double spatialScale, long samplingRatio, bool aligned)
    {
        using var scope = NewDisposeScope();
        ScalarType type = CoordinateType(features.dtype);
        bool channelsLast = IsChannelsLast(features);
        Tensor wide = features.to(type);
        Tensor laid = channelsLast ? MemoryFormat.ChannelsLast(wide) : wide.contiguous();
        Tensor regions = rois.to(type).contiguous();
        Tensor pooled = empty([rois.shape[0], features.shape[1], outHeight, outWidth], type, features.device);
        RoiAlignOptions options = new(outHeight, outWidth, spatialScale, samplingRatio, aligned);
        if (type == ScalarType.Float64) Pool<double>(laid, regions, options, channelsLast, pooled);
        else Pool<float>(laid, regions, options, channelsLast, pooled);
        return pooled.to(features.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The gradient of the features.</summary>
    /// <param name="gradient">[R, C, outHeight, outWidth], the gradient of the result of <see cref="Forward"/>.</param>
    /// <param name="rois">As in <see cref="Forward"/>, like the following arguments.</param>
    /// <param name="outHeight">Rows of bins.</param>
    /// <param name="outWidth">Columns of bins.</param>
    /// <param name="spatialScale">Ratio of the features' size to the input's.</param>
    /// <param name="samplingRatio">Samples per bin along each axis; 0 or less for about one per feature pixel.</param>
    /// <param name="aligned">Whether pixel centers are at half-integer coordinates.</param>
    /// <param name="inputShape">[N, C, H, W] of the features.</param>
    /// <param name="channelsLast">Whether the features were channels-last (<see cref="IsChannelsLast"/>); the result then is, too.</param>
    /// <returns>[N, C, H, W], of the gradient's dtype.</returns>
    public static Tensor Backward(
        Tensor gradient, Tensor rois, long outHeight, long outWidth, double spatialScale, long samplingRatio, bool aligned,
        long[] inputShape, bool channelsLast)
    {
        using var scope = NewDisposeScope();
        ScalarType type = CoordinateType(gradient.dtype);
        Tensor bins = gradient.to(type).contiguous();
        Tensor regions = rois.to(type).contiguous();
        Tensor spread = channelsLast
            ? empty([inputShape[0], inputShape[2], inputShape[3], inputShape[1]], type, gradient.device).permute(0, 3, 1, 2)
            : empty(inputShape, type, gradient.device);
        RoiAlignOptions options = new(outHeight, outWidth, spatialScale, samplingRatio, aligned);
        if (type == ScalarType.Float64) Spread<double>(bins, regions, options, channelsLast, spread);
        else Spread<float>(bins, regions, options, channelsLast, spread);
        return spread.to(gradient.dtype).MoveToOuterDisposeScope();
    }

    private static void Pool<T>(Tensor features, Tensor rois, in RoiAlignOptions options, bool channelsLast, Tensor pooled)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using RoiPlan<T> plan = new(rois.Pointer<T>(), rois.shape[0], features.shape, options);
        if (channelsLast) ChannelsLastKernels<T>.Pool(plan, features.Pointer<T>(), pooled.Pointer<T>());
        else PlanarKernels<T>.Pool(plan, features.Pointer<T>(), pooled.Pointer<T>());
    }

    private static void Spread<T>(Tensor gradient, Tensor rois, in RoiAlignOptions options, bool channelsLast, Tensor spread)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using RoiPlan<T> plan = new(rois.Pointer<T>(), rois.shape[0], spread.shape, options);
        if (channelsLast) ChannelsLastKernels<T>.Spread(plan, gradient.Pointer<T>(), spread.Pointer<T>());
        else PlanarKernels<T>.Spread(plan, gradient.Pointer<T>(), spread.Pointer<T>());
    }
}
