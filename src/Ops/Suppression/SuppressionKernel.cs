using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Vision.Ops.Suppression;

/// <summary>
/// The inner loop of non-maximum suppression: one box against those after it, a vector of them at a time; there is no matrix of all
/// pairs.
/// </summary>
internal static unsafe class SuppressionKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Marks the boxes of a run that overlap a better one that stays.</summary>
    /// <param name="boxes">Of which the run, best first, lies at [begin, end), and nothing else in its vectors.</param>
    /// <param name="begin">A multiple of a vector's length.</param>
    /// <param name="end">The place after the last box.</param>
    /// <param name="threshold">Overlaps above this suppress.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Suppress(BoxTable<T> boxes, long begin, long end, T threshold)
    {
        int lanes = Vector256<T>.Count;
        T* left = boxes.Left, top = boxes.Top, right = boxes.Right, bottom = boxes.Bottom, area = boxes.Area, suppressed = boxes.Suppressed;
        Vector256<T> thresholds = Vector256.Create(threshold);
        // Below a negative threshold, no overlap is known before the division.
        Vector256<T> always = threshold < T.Zero ? Vector256<T>.AllBitsSet : default;
        for (long kept = begin; kept < end; kept++)
        {
            if (*(int*)(suppressed + kept) != 0) continue;
            Vector256<T> keptLeft = Vector256.Create(left[kept]), keptTop = Vector256.Create(top[kept]);
            Vector256<T> keptRight = Vector256.Create(right[kept]), keptBottom = Vector256.Create(bottom[kept]);
            Vector256<T> keptArea = Vector256.Create(area[kept]);
            // In its own vector, only the boxes after it are to be marked.
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
                // Few pairs get as far as the division. Rounding is monotonic, so where intersection / union rounds to more than the
                // threshold, threshold · union does not round to more than the intersection. A negative union has no such quotient.
                Vector256<T> candidates = Vector256.GreaterThanOrEqual(intersection, thresholds * union) | always;
                if (candidates == default) continue;
                Vector256<T> marked = Vector256.GreaterThan(intersection / union, thresholds) & after;
                (Vector256.Load(suppressed + i) | marked).Store(suppressed + i);
            }
        }
    }
}
