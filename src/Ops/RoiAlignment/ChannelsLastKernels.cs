using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Vision.Ops.Libtorch;

namespace Vision.Ops.RoiAlignment;

/// <summary>
/// RoIAlign on channels-last features. Vectors run along the channels, many channels at a time: with few, the cache lines that are used of
/// each pixel would share a small part of the cache if the number of channels is a power of two. Bins are collected channels-last, too,
/// and then transposed at once. Forward, regions are independent. Backward, work is divided by (image, channels): each part of an image
/// belongs to one thread, which fixes the order of the sums, and therefore the result.
/// </summary>
internal static unsafe class ChannelsLastKernels<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const long FewestChannels = 32, MostChannels = 256; // at a time

    /// <summary>Pools features [N, H, W, C] into <paramref name="output"/> [R, C, outHeight, outWidth].</summary>
    public static void Pool(RoiPlan<T> plan, T* features, T* output) => ParallelLoop.For(plan.Regions.Length, 1, (begin, end) =>
    {
        long share = Math.Min(plan.Channels, MostChannels), stride = Stride(share);
        using NativeList<T> scratch = new();
        T* bins = scratch.Extend((plan.BinCount + plan.GreatestWidth) * stride), line = bins + plan.BinCount * stride;
        for (long i = begin; i < end; i++)
        {
            ref readonly RoiRegion region = ref plan.Regions[i];
            T* image = features + region.Image * plan.Area * plan.Channels;
            T* to = output + region.Roi * plan.Channels * plan.BinCount;
            for (long channel = 0; channel < plan.Channels; channel += share)
            {
                long count = Math.Min(share, plan.Channels - channel);
                PoolRegion(plan, region, image + channel, count, bins, line, stride);
                Transposition<T>.Copy(bins, stride, plan.BinCount, count, to + channel * plan.BinCount, plan.BinCount);
            }
        }
    });

    /// <summary>Adds gradients [R, C, outHeight, outWidth] to <paramref name="output"/> [N, H, W, C].</summary>
    public static void Spread(RoiPlan<T> plan, T* gradient, T* output)
    {
        using SpreadPlan<T> spread = new(plan);
        long area = plan.Area, threads = TorchSharp.torch.get_num_threads();
        long share = Math.Clamp(Lanes<T>.RoundUp((plan.Channels + threads - 1) / threads), FewestChannels, MostChannels);
        long shares = (plan.Channels + share - 1) / share, stride = Stride(share);
        ParallelLoop.For(plan.Images * shares, 1, (begin, end) =>
        {
            using NativeList<T> scratch = new();
            T* bins = scratch.Extend((plan.BinCount + plan.OutWidth) * stride), line = bins + plan.BinCount * stride;
            for (long task = begin; task < end; task++)
            {
                // Neighboring tasks belong to different images, which balances images with many and few regions.
                long image = task % plan.Images, channel = task / plan.Images * share, count = Math.Min(share, plan.Channels - channel);
                T* pixels = output + image * area * plan.Channels + channel;
                nuint bytes = (nuint)count * (nuint)sizeof(T);
                for (long pixel = 0; pixel < area; pixel++) NativeMemory.Clear(pixels + pixel * plan.Channels, bytes);
                for (long i = plan.ImageStarts[image]; i < plan.ImageStarts[image + 1]; i++)
                {
                    T* from = gradient + (spread.Regions[i].Roi * plan.Channels + channel) * plan.BinCount;
                    Transposition<T>.Copy(from, plan.BinCount, count, plan.BinCount, bins, stride);
                    SpreadRegion(spread, spread.Regions[i], bins, count, pixels, line, stride);
                }
            }
        });
    }

    // One more cache line than the channels need: with a power of two, all bins would share a small part of the cache.
    private static long Stride(long channels) => Lanes<T>.RoundUp(channels) + 64 / sizeof(T);

    // Pools some channels of one region; `image` starts at the first one. `stride` is the distance of pixels, or bins, in scratch.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PoolRegion(RoiPlan<T> plan, in RoiRegion region, T* image, long count, T* bins, T* line, long stride)
    {
        long outHeight = plan.OutHeight, outWidth = plan.OutWidth, pixelStride = plan.Channels, rowStride = plan.Width * plan.Channels;
        long left = region.Left, width = region.Width;
        Tap<T>* rowTaps = plan.Rows.Items, columnTaps = plan.Columns.Items;
        long* rowStarts = plan.Rows.Starts + region.FirstRow, columnStarts = plan.Columns.Starts + region.FirstColumn;
        for (long row = 0; row < outHeight; row++)
        {
            Tap<T>* first = rowTaps + rowStarts[row], last = rowTaps + rowStarts[row + 1];
            T* pixels = image + left * pixelStride;
            for (long x = 0; x < width; x++) WeightedSum<T>.Of(first, last, pixels + x * pixelStride, rowStride, count, line + x * stride);
            for (long column = 0; column < outWidth; column++, bins += stride)
            {
                first = columnTaps + columnStarts[column];
                last = columnTaps + columnStarts[column + 1];
                WeightedSum<T>.Of(first, last, line - left * stride, stride, count, bins);
            }
        }
    }

    // Adds the gradient of one region to some channels of its image.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SpreadRegion(SpreadPlan<T> plan, in RoiRegion region, T* bins, long count, T* image, T* line, long stride)
    {
        long outWidth = plan.Plan.OutWidth, pixelStride = plan.Plan.Channels, rowStride = plan.Plan.Width * plan.Plan.Channels;
        long height = region.Height, width = region.Width;
        Tap<T>* rowTaps = plan.Rows.Items, columnTaps = plan.Columns.Items;
        long* rowStarts = plan.Rows.Starts + region.FirstRow, columnStarts = plan.Columns.Starts + region.FirstColumn;
        T* pixels = image + region.Top * rowStride + region.Left * pixelStride;
        for (long y = 0; y < height; y++, pixels += rowStride)
        {
            Tap<T>* first = rowTaps + rowStarts[y], last = rowTaps + rowStarts[y + 1];
            if (first == last) continue;
            for (long column = 0; column < outWidth; column++)
                WeightedSum<T>.Of(first, last, bins + column * stride, outWidth * stride, count, line + column * stride);
            for (long x = 0; x < width; x++)
            {
                first = columnTaps + columnStarts[x];
                last = columnTaps + columnStarts[x + 1];
                if (first < last) WeightedSum<T>.AddTo(pixels + x * pixelStride, first, last, line, stride, count);
            }
        }
    }
}
