using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Vision.Ops.Libtorch;

namespace Vision.Ops.RoiAlignment;

/// <summary>
/// RoIAlign on features of which every channel is a plane [H, W]. Rows are weighted as vectors of columns and, turned round, columns as
/// vectors of rows. Work is split over (image, channel) planes: a plane stays in cache for all its regions, and in the backward pass
/// belongs to one thread, which fixes the order of the sums, and so the result.
/// </summary>
internal static unsafe class PlanarKernels<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private delegate void PlaneWork(long image, long channel, T* scratch);

    /// <summary>Pools features [N, C, H, W] into <paramref name="output"/> [R, C, outHeight, outWidth].</summary>
    public static void Pool(RoiPlan<T> plan, T* features, T* output) => ForEachPlane(plan, (image, channel, scratch) =>
        PoolPlane(plan, image, features + (image * plan.Channels + channel) * plan.Area, output + channel * plan.BinCount, scratch));

    /// <summary>Sums gradients [R, C, outHeight, outWidth] up in <paramref name="output"/> [N, C, H, W].</summary>
    public static void Spread(RoiPlan<T> plan, T* gradient, T* output)
    {
        using SpreadPlan<T> spread = new(plan);
        ForEachPlane(plan, (image, channel, scratch) =>
        {
            T* plane = output + (image * plan.Channels + channel) * plan.Area;
            NativeMemory.Clear(plane, (nuint)plan.Area * (nuint)sizeof(T));
            SpreadPlane(spread, image, gradient + channel * plan.BinCount, plane, scratch);
        });
    }

    // Neighbouring tasks are different images, which evens out images with many and few regions.
    private static void ForEachPlane(RoiPlan<T> plan, PlaneWork work) => ParallelLoop.For(plan.Images * plan.Channels, 1, (begin, end) =>
    {
        // Zeros: rows that fill the last vector up are read, though nothing is made of them.
        using NativeList<T> scratch = new();
        T* memory = scratch.Extend(2 * Lanes<T>.RoundUp(plan.OutHeight) * (LineLength(plan) + Lanes<T>.RoundUp(plan.OutWidth)));
        for (long task = begin; task < end; task++) work(task % plan.Images, task / plan.Images, memory);
    });

    private static long LineLength(RoiPlan<T> plan) => Lanes<T>.RoundUp(plan.GreatestWidth);

    // The columns of a region, and as many more as fill the last vector up where the plane is wide enough.
    private static (long Left, long Width) Columns(in RoiRegion region, long width)
    {
        long filled = Math.Min(Lanes<T>.RoundUp(region.Width), width);
        return (Math.Min(region.Left, width - filled), filled);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PoolPlane(RoiPlan<T> plan, long image, T* plane, T* output, T* scratch)
    {
        int lanes = Lanes<T>.Count;
        long outHeight = plan.OutHeight, outWidth = plan.OutWidth, binCount = plan.BinCount, lineLength = LineLength(plan);
        long rows = Lanes<T>.RoundUp(outHeight), columns = Lanes<T>.RoundUp(outWidth);
        T* lines = scratch, turned = lines + rows * lineLength;                      // [rows, lineLength], [lineLength, rows]
        T* turnedBins = turned + rows * lineLength, bins = turnedBins + rows * columns; // [columns, rows], [rows, columns]
        for (long i = plan.ImageStarts[image]; i < plan.ImageStarts[image + 1]; i++)
        {
            ref readonly RoiRegion region = ref plan.Regions[i];
            (long left, long width) = Columns(region, plan.Width);
            long* rowStarts = plan.Rows.Starts + region.FirstRow, columnStarts = plan.Columns.Starts + region.FirstColumn;
            Tap<T>* taps = plan.Rows.Items;
            for (long row = 0; row < outHeight; row++)
                WeightedSum<T>.Of(taps + rowStarts[row], taps + rowStarts[row + 1], plane + left, plan.Width, width, lines + row * lineLength);
            Transposition<T>.Copy(lines, lineLength, rows, Lanes<T>.RoundUp(width), turned, rows);
            taps = plan.Columns.Items;
            for (long column = 0; column < outWidth; column++)
            {
                WeightedSum<T>.Of(
                    taps + columnStarts[column], taps + columnStarts[column + 1], turned - left * rows, rows, rows, turnedBins + column * rows);
            }
            Transposition<T>.Copy(turnedBins, rows, columns, rows, bins, columns);

            // What a vector has beyond its row, the next row overwrites; beyond the last row there is another region.
            T* to = output + region.Roi * plan.Channels * binCount;
            for (long row = 0; row < outHeight; row++)
            {
                for (long column = 0; column < outWidth; column += lanes)
                {
                    long place = row * outWidth + column;
                    T* from = bins + row * columns + column;
                    if (place + lanes <= binCount) Vector256.Load(from).Store(to + place);
                    else for (long k = 0; k < outWidth - column && k < lanes; k++) to[place + k] = from[k];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SpreadPlane(SpreadPlan<T> spread, long image, T* gradient, T* plane, T* scratch)
    {
        RoiPlan<T> plan = spread.Plan;
        int lanes = Lanes<T>.Count;
        long outHeight = plan.OutHeight, outWidth = plan.OutWidth, binCount = plan.BinCount, lineLength = LineLength(plan);
        long rows = Lanes<T>.RoundUp(outHeight), columns = Lanes<T>.RoundUp(outWidth);
        T* lines = scratch, turned = lines + rows * lineLength;
        T* turnedBins = turned + rows * lineLength, bins = turnedBins + rows * columns;
        for (long i = plan.ImageStarts[image]; i < plan.ImageStarts[image + 1]; i++)
        {
            ref readonly RoiRegion region = ref spread.Regions[i];
            (long left, long width) = Columns(region, plan.Width);
            long* rowStarts = spread.Rows.Starts + region.FirstRow, columnStarts = spread.Columns.Starts + region.FirstColumn;
            T* from = gradient + region.Roi * plan.Channels * binCount;
            for (long row = 0; row < outHeight; row++)
            {
                for (long column = 0; column < outWidth; column += lanes)
                {
                    long place = row * outWidth + column;
                    T* to = bins + row * columns + column;
                    if (place + lanes <= binCount) Vector256.Load(from + place).Store(to);
                    else for (long k = 0; k < outWidth - column && k < lanes; k++) to[k] = from[place + k];
                }
            }
            Transposition<T>.Copy(bins, columns, rows, columns, turnedBins, rows);
            Tap<T>* taps = spread.Columns.Items;
            for (long x = 0; x < width; x++)
            {
                long pixel = left + x - region.Left;
                bool touched = pixel >= 0 && pixel < region.Width;
                Tap<T>* first = touched ? taps + columnStarts[pixel] : taps, last = touched ? taps + columnStarts[pixel + 1] : taps;
                WeightedSum<T>.Of(first, last, turnedBins, rows, rows, turned + x * rows);
            }
            Transposition<T>.Copy(turned, rows, Lanes<T>.RoundUp(width), rows, lines, lineLength);
            taps = spread.Rows.Items;
            for (long y = 0; y < region.Height; y++)
            {
                T* to = plane + (region.Top + y) * plan.Width + left;
                WeightedSum<T>.AddTo(to, taps + rowStarts[y], taps + rowStarts[y + 1], lines, lineLength, width);
            }
        }
    }
}
