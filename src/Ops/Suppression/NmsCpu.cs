using System.Numerics;
using System.Runtime.Intrinsics;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops.Suppression;

/// <summary>
/// Greedy non-maximum suppression on the CPU, for arguments that <see cref="NmsChecks"/> has checked. Boxes are sorted by descending
/// score, equal scores in their given order, and a box is suppressed if its intersection over union with a kept one exceeds the threshold:
/// torchvision's rules and arithmetic. Half precision is computed in float32, since it cannot represent areas.
/// </summary>
internal static unsafe class NmsCpu
{
    /// <summary>The kept boxes.</summary>
    /// <param name="boxes">[N, 4] xyxy.</param>
    /// <param name="scores">[N].</param>
    /// <param name="classes">int64 [N]: boxes only suppress boxes of the same class. Null: of any class.</param>
    /// <param name="iouThreshold">In [0, 1]; an overlap of exactly this stays.</param>
    /// <returns>int64 indices into <paramref name="boxes"/> by descending score.</returns>
    public static Tensor Keep(Tensor boxes, Tensor scores, Tensor? classes, double iouThreshold)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor order = scores.dtype == ScalarType.Float64
            ? scores.sort(0, true, true).Indices
            : RowSort.Descending(scores.to(ScalarType.Float32).unsqueeze(0)).squeeze(0);
        Tensor? groups = classes?.contiguous();
        Tensor kept = boxes.dtype == ScalarType.Float64
            ? Keep<double>(boxes.contiguous(), order, groups, iouThreshold)
            : Keep<float>(boxes.to(ScalarType.Float32).contiguous(), order, groups, iouThreshold);
        return kept.MoveToOuterDisposeScope();
    }

    private static Tensor Keep<T>(Tensor boxes, Tensor order, Tensor? classes, double iouThreshold)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        long count = boxes.shape[0];
        long* byScore = order.Pointer<long>();
        T* corners = boxes.Pointer<T>();
        ClassRuns runs = new(byScore, classes is null ? null : classes.Pointer<long>(), count, Vector256<T>.Count);
        using BoxTable<T> table = new(runs.PlaceCount);
        for (long i = 0; i < count; i++) table.Set(runs.Places[i], corners + 4 * byScore[i]);

        T threshold = RoundDown<T>(iouThreshold);
        ParallelLoop.For(runs.Begins.Length, 1, (begin, end) =>
        {
            for (long run = begin; run < end; run++) SuppressionKernel<T>.Suppress(table, runs.Begins[run], runs.End(run), threshold);
        });

        long staying = 0;
        foreach (long place in runs.Places) staying += table.Stays(place) ? 1 : 0;
        Tensor kept = empty([staying], ScalarType.Int64);
        long* next = kept.Pointer<long>();
        for (long i = 0; i < count; i++)
        {
            if (table.Stays(runs.Places[i])) *next++ = byScore[i];
        }
        return kept;
    }

    // The largest T that is not above the threshold: a T is above it if and only if it is above the threshold.
    private static T RoundDown<T>(double threshold) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T rounded = T.CreateTruncating(threshold);
        return double.CreateTruncating(rounded) > threshold ? T.BitDecrement(rounded) : rounded;
    }
}
