using static TorchSharp.torch;

namespace Vision.Ops.Cuda;

/// <summary>
/// RoIAlign and its gradient on CUDA. Regions that are in no image or not finite result in zeros: throwing, as on the CPU, would
/// require synchronization. The gradient's last bits differ from run to run.
/// </summary>
internal static class RoiAlignCuda
{
    private const string File = "RoiAlign.cu";

    /// <inheritdoc cref="RoiAlign.Pool"/>
    public static Tensor Forward(
        Tensor features, Tensor rois, long outHeight, long outWidth, double spatialScale, long samplingRatio, bool aligned)
    {
        using var scope = NewDisposeScope();
        ScalarType real = KernelSource.RealOf(features);
        Device device = features.device;
        Tensor maps = features.to(real).contiguous(), regions = rois.to(real).contiguous();
        Tensor pooled = zeros([rois.shape[0], features.shape[1], outHeight, outWidth], real, device);
        if (pooled.numel() > 0 && maps.numel() > 0)
        {
            CudaKernels.Runtime.Launch(
                KernelSource.For(File, real, Math.Max(maps.numel(), pooled.numel())), "roi_align", device, Grid.Over(pooled.numel()),
                pooled.numel(), maps, regions, spatialScale, Shape(features.shape, outHeight, outWidth, samplingRatio, aligned), pooled);
        }
        return pooled.to(features.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The gradient of the features.</summary>
    /// <param name="gradient">[R, C, outHeight, outWidth].</param>
    /// <param name="rois">As in <see cref="Forward"/>, like the other arguments.</param>
    /// <param name="outHeight">Rows of bins.</param>
    /// <param name="outWidth">Columns of bins.</param>
    /// <param name="spatialScale">1 / stride.</param>
    /// <param name="samplingRatio">Samples per bin.</param>
    /// <param name="aligned">Whether pixel centers are at half-integer coordinates.</param>
    /// <param name="inputShape">[N, C, H, W] of the features.</param>
    /// <param name="channelsLast">Whether the features were channels-last.</param>
    /// <returns>[N, C, H, W], in the features' memory format, with the dtype of the gradient.</returns>
    public static Tensor Backward(
        Tensor gradient, Tensor rois, long outHeight, long outWidth, double spatialScale, long samplingRatio, bool aligned,
        long[] inputShape, bool channelsLast)
    {
        using var scope = NewDisposeScope();
        ScalarType real = KernelSource.RealOf(gradient);
        Device device = gradient.device;
        Tensor upstream = gradient.to(real).contiguous(), regions = rois.to(real).contiguous();
        Tensor result = zeros(inputShape, real, device);
        if (upstream.numel() > 0 && result.numel() > 0)
        {
            CudaKernels.Runtime.Launch(
                KernelSource.For(File, real, Math.Max(upstream.numel(), result.numel())), "roi_align_backward", device,
                Grid.Over(upstream.numel()), upstream.numel(), upstream, regions, spatialScale,
                Shape(inputShape, outHeight, outWidth, samplingRatio, aligned), result);
        }
        result = result.to(gradient.dtype);
        return (channelsLast ? MemoryFormat.ChannelsLast(result) : result).MoveToOuterDisposeScope();
    }

    private static long[] Shape(long[] features, long outHeight, long outWidth, long samplingRatio, bool aligned) =>
        [.. features, outHeight, outWidth, samplingRatio, aligned ? 1 : 0];
}
