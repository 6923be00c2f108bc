using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Vision.Ops.Libtorch;

namespace Vision.Ops.RoiAlignment;

/// <summary>
/// RoIAlign on contiguous features, in which every channel is a plane [H, W]. Work is divided by (image, channel) planes: a plane stays in
/// cache for all its regions, and belongs to one thread in the backward pass, which fixes the order of the sums, and therefore the result.
/// </summary>
internal static unsafe class PlanarKernels<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private delegate void PlaneWork(long image, long channel, T* scratch);

    /// <summary>Pools features [N, C, H, W] into <paramref name="output"/> [R, C, outHeight, outWidth].</summary>
    public static void Pool(RoiPlan<T> plan, T* features, T* output)
    {
        using BandMatrix<T> matrices = new();
        Part[] parts = new Part[plan.Regions.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            (long left, long width) = WholeVectors(plan.Regions[i], plan.Width);
            parts[i] = new(left, width, matrices.Add(plan.Columns, plan.Regions[i].FirstColumn, plan.OutWidth, 0, plan.OutWidth, left));
        }
        long scratchSize = BandMatrix<T>.RoundUp(plan.OutHeight) * (LineLength(plan) + Lanes<T>.RoundUp(plan.OutWidth));
        ForEachPlane(plan, scratchSize, (image, channel, scratch) =>
        {
            T* plane = features + (image * plan.Channels + channel) * plan.Area;
            PoolPlane(plan, matrices, parts, image, plane, output + channel * plan.BinCount, scratch);
        });
    }

    /// <summary>Adds gradients [R, C, outHeight, outWidth] to <paramref name="output"/> [N, C, H, W].</summary>
    public static void Spread(RoiPlan<T> plan, T* gradient, T* output)
    {
        using SpreadPlan<T> spread = new(plan);
        using BandMatrix<T> matrices = new();
        Part[] parts = new Part[plan.Regions.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            RoiRegion region = spread.Regions[i];
            (long left, long width) = WholeVectors(region, plan.Width);
            parts[i] = new(left, width, matrices.Add(spread.Columns, region.FirstColumn, region.Width, region.Left - left, width, 0));
        }
        ForEachPlane(plan, BandMatrix<T>.RoundUp(plan.OutHeight) * LineLength(plan), (image, channel, scratch) =>
        {
            T* plane = output + (image * plan.Channels + channel) * plan.Area;
            NativeMemory.Clear(plane, (nuint)plan.Area * (nuint)sizeof(T));
            SpreadPlane(spread, matrices, parts, image, gradient + channel * plan.BinCount, plane, scratch);
        });
    }

    // Neighboring tasks belong to different images, which balances images with many and few regions.
    private static void ForEachPlane(RoiPlan<T> plan, long scratchSize, PlaneWork work) =>
        ParallelLoop.For(plan.Images * plan.Channels, 1, (begin, end) =>
        {
            using NativeList<T> scratch = new();
            T* memory = scratch.Extend(scratchSize);
            for (long task = begin; task < end; task++) work(task % plan.Images, task / plan.Images, memory);
        });

    private static long LineLength(RoiPlan<T> plan) => Lanes<T>.RoundUp(plan.GreatestWidth);

    // The columns of a region, extended to whole vectors if the plane is wide enough. The weights of the additional ones are zero.
    private static (long Left, long Width) WholeVectors(in RoiRegion region, long width)
    {
        long filled = Math.Min(Lanes<T>.RoundUp(region.Width), width);
        return (Math.Min(region.Left, width - filled), filled);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PoolPlane(RoiPlan<T> plan, BandMatrix<T> matrices, Part[] parts, long image, T* plane, T* output, T* lines)
    {
        int lanes = Lanes<T>.Count;
        long outHeight = plan.OutHeight, outWidth = plan.OutWidth, binCount = plan.BinCount, lineLength = LineLength(plan);
        long paddedWidth = Lanes<T>.RoundUp(outWidth);
        T* padded = lines + BandMatrix<T>.RoundUp(outHeight) * lineLength;
        Tap<T>* taps = plan.Rows.Items;
        for (long i = plan.ImageStarts[image]; i < plan.ImageStarts[image + 1]; i++)
        {
            ref readonly RoiRegion region = ref plan.Regions[i];
            Part part = parts[i];
            long* starts = plan.Rows.Starts + region.FirstRow;
            for (long row = 0; row < outHeight; row++)
            {
                T* line = lines + row * lineLength;
                WeightedSum<T>.Of(taps + starts[row], taps + starts[row + 1], plane + part.Left, plan.Width, part.Width, line);
            }
            matrices.Multiply(part.Matrix, paddedWidth / lanes, lines, lineLength, outHeight, padded, paddedWidth);

            // The next row overwrites what a vector writes beyond its row; beyond the last row is another region.
            T* bins = output + region.Roi * plan.Channels * binCount;
            for (long row = 0; row < outHeight; row++)
            {
                for (long column = 0; column < outWidth; column += lanes)
                {
                    T* from = padded + row * paddedWidth + column;
                    long place = row * outWidth + column;
                    if (place + lanes <= binCount) Vector256.Load(from).Store(bins + place);
                    else for (long k = 0; k < lanes && column + k < outWidth; k++) bins[place + k] = from[k];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SpreadPlane(SpreadPlan<T> spread, BandMatrix<T> matrices, Part[] parts, long image, T* gradient, T* plane, T* lines)
    {
        RoiPlan<T> plan = spread.Plan;
        long outHeight = plan.OutHeight, outWidth = plan.OutWidth, lineLength = LineLength(plan);
        Tap<T>* taps = spread.Rows.Items;
        for (long i = plan.ImageStarts[image]; i < plan.ImageStarts[image + 1]; i++)
        {
            ref readonly RoiRegion region = ref spread.Regions[i];
            Part part = parts[i];
            T* bins = gradient + region.Roi * plan.Channels * plan.BinCount;
            matrices.Multiply(part.Matrix, Lanes<T>.RoundUp(part.Width) / Lanes<T>.Count, bins, outWidth, outHeight, lines, lineLength);
            long* starts = spread.Rows.Starts + region.FirstRow;
            T* row = plane + region.Top * plan.Width + part.Left;
            for (long y = 0; y < region.Height; y++, row += plan.Width)
                WeightedSum<T>.AddTo(row, taps + starts[y], taps + starts[y + 1], lines, lineLength, part.Width);
        }
    }

    // The columns that are read or written for a region, and the index of its matrix.
    private readonly record struct Part(long Left, long Width, long Matrix);
}
