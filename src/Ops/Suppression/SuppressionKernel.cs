using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Vision.Ops.Suppression;

/// <summary>
/// The inner loop of non-maximum suppression: compares one box with those after it, a vector at a time,
/// without a matrix of all pairs.
/// </summary>
internal static unsafe class SuppressionKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Marks the boxes of a range that overlap a better box that is kept.</summary>
    /// <param name="boxes">The boxes: the range [begin, end) is sorted, best first, and shares its vectors with no other boxes.</param>
    /// <param name="begin">The first index, a multiple of a vector's length.</param>
    /// <param name="end">The index after the last box.</param>
    /// <param name="threshold">An overlap above this suppresses a box.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Suppress(BoxTable<T> boxes, long begin, long end, T threshold)
    {
        int lanes = Vector256<T>.Count;
        T* left = boxes.Left, top = boxes.Top, right = boxes.Right, bottom = boxes.Bottom, area = boxes.Area, suppressed = boxes.Suppressed;
        Vector256<T> thresholds = Vector256.Create(threshold);
        // With a negative threshold, the check without division does not hold.
        Vector256<T> always = threshold < T.Zero ? Vector256<T>.AllBitsSet : default;
        for (long kept = begin; kept < end; kept++)
        {
            if (*(int*)(suppressed + kept) != 0) continue;
            Vector256<T> keptLeft = Vector256.Create(left[kept]), keptTop = Vector256.Create(top[kept]);
            Vector256<T> keptRight = Vector256.Create(right[kept]), keptBottom = Vector256.Create(bottom[kept]);
            Vector256<T> keptArea = Vector256.Create(area[kept]);
            // In the box's own vector, only the boxes after it are marked.
            long first = kept / lanes * lanes;
            Vector256<T> after = Vector256.GreaterThan(Vector256<T>.Indices, Vector256.Create(T.CreateTruncating(kept - first)));
            for (long i = first; i < end; i += lanes, after = Vector256<T>.AllBitsSet)
            {
                Vector256<T> x1 = Vector256.MaxNative(Vector256.Load(left + i), keptLeft);
                Vector256<T> y1 = Vector256.MaxNative(Vector256.Load(top + i), keptTop);
                Vector256<T> x2 = Vector256.MinNative(Vector256.Load(right + i), keptRight);
                Vector256<T> y2 = Vector256.MinNative(Vector256.Load(bottom + i), keptBottom);
                Vector256<T> width = x2 - x1, height = y2 - y1;
                Vector256<T> intersection = Vector256.MaxNative(width, default) * Vector256.MaxNative(height, default);
                Vector256<T> union = keptArea + Vector256.Load(area + i) - intersection;
                // Few pairs reach the division. Rounding is monotonic, so if intersection / union rounds to more than the
                // threshold, threshold · union does not round to more than the intersection. A negative union has no such quotient.
                Vector256<T> candidates = Vector256.GreaterThanOrEqual(intersection, thresholds * union) | always;
                if (candidates == default) continue;
                Vector256<T> marked = Vector256.GreaterThan(intersection / union, thresholds) & after;
                (Vector256.Load(suppressed + i) | marked).Store(suppressed + i);
            }
        }
    }
}
