using Vision.Data;

namespace Vision.Evaluation;

/// <summary>Intersection over union of masks; for a crowd, divided by the detection's own area instead of the union.</summary>
/// <param name="detections">The detections' masks, in the order of <see cref="EvaluationSet.Detections"/>.</param>
/// <param name="truths">The objects' masks, in the order of <see cref="EvaluationSet.Truths"/>.</param>
/// <param name="crowds">Which objects are crowds.</param>
internal sealed class MaskOverlap(RleMask[] detections, RleMask[] truths, bool[] crowds) : IOverlap
{
    private readonly Shape[] found = Measure(detections), annotated = Measure(truths);

    /// <inheritdoc/>
    public void Compute(ReadOnlySpan<int> detectionPlaces, ReadOnlySpan<int> truthPlaces, Span<double> overlaps)
    {
        int cell = 0;
        foreach (int d in detectionPlaces)
        {
            Shape a = found[d];
            foreach (int t in truthPlaces)
            {
                Shape b = annotated[t];
                // Most pairs do not touch, which their boxes show without examining the runs.
                bool apart = a.Box.X1 >= b.Box.X2 || b.Box.X1 >= a.Box.X2 || a.Box.Y1 >= b.Box.Y2 || b.Box.Y1 >= a.Box.Y2;
                long intersection = apart ? 0 : detections[d].IntersectionArea(truths[t]);
                overlaps[cell++] = intersection == 0 ? 0 : intersection / (double)(crowds[t] ? a.Area : a.Area + b.Area - intersection);
            }
        }
    }

    private static Shape[] Measure(RleMask[] masks) => [.. masks.Select(mask => new Shape(mask.BoundingBox, mask.Area))];

    private readonly record struct Shape(Box Box, long Area);
}
