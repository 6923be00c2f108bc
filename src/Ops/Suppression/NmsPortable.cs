using static TorchSharp.torch;

namespace Vision.Ops.Suppression;

/// <summary>
/// Non-maximum suppression with overlaps from tensor operators and the greedy choice on the host: the slow reference for testing
/// the kernels, and the fallback on devices without one.
/// </summary>
internal static class NmsPortable
{
    // Overlaps of this many boxes with all others are computed at a time, which limits the size of the matrix.
    private const int BoxesPerStep = 256;

    /// <summary>As <see cref="Nms.Keep"/>; with classes, boxes only suppress boxes of the same class.</summary>
    public static Tensor Keep(Tensor boxes, Tensor scores, Tensor? classes, double iouThreshold)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        NmsChecks.Arguments(boxes, scores, classes);
        (_, Tensor order) = scores.sort(0, true, true);
        Tensor sorted = boxes.index_select(0, order);                                            // [N, 4]
        Tensor? labels = classes?.index_select(0, order);
        int count = (int)boxes.shape[0];
        var suppressed = new bool[count];
        List<long> kept = [];
        for (int first = 0; first < count; first += BoxesPerStep)
        {
            int last = Math.Min(first + BoxesPerStep, count);
            bool[] overlaps = Overlaps(sorted, labels, first, last, iouThreshold).ToHost<bool>();
            for (int i = first; i < last; i++)
            {
                if (suppressed[i]) continue;
                kept.Add(i);
                ReadOnlySpan<bool> row = overlaps.AsSpan((i - first) * count, count);
                for (int j = i + 1; j < count; j++) suppressed[j] |= row[j];
            }
        }
        return order.index_select(0, tensor(kept.ToArray(), device: order.device)).MoveToOuterDisposeScope();
    }

    private static Tensor Overlaps(Tensor boxes, Tensor? classes, int first, int last, double iouThreshold)
    {
        using var scope = NewDisposeScope();
        Tensor some = boxes[first..last].unsqueeze(1);                                           // [n, 1, 4]
        Tensor low = maximum(some[.., .., ..2], boxes[.., ..2]);
        Tensor high = minimum(some[.., .., 2..], boxes[.., 2..]);
        Tensor sides = (high - low).clamp_min(0);                                                // [n, N, 2]
        Tensor intersection = sides[.., .., 0] * sides[.., .., 1];
        Tensor areas = (boxes[.., 2] - boxes[.., 0]) * (boxes[.., 3] - boxes[.., 1]);             // [N]
        Tensor union = areas[first..last].unsqueeze(1) + areas - intersection;
        // In double precision, like the kernels: a threshold such as 0.7 is not a float.
        Tensor overlaps = (intersection / union).to(float64) > iouThreshold;                     // [n, N]
        if (classes is not null) overlaps = overlaps.logical_and(classes[first..last].unsqueeze(1) == classes);
        return overlaps.contiguous().MoveToOuterDisposeScope();
    }
}
