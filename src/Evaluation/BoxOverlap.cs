namespace Vision.Evaluation;

/// <summary>Intersection over union of boxes; for a crowd, divided by the detection's own area instead of the union.</summary>
/// <param name="detections">The detections' boxes, in the order of <see cref="EvaluationSet.Detections"/>.</param>
/// <param name="truths">The objects' boxes, in the order of <see cref="EvaluationSet.Truths"/>.</param>
/// <param name="crowds">Which objects are crowds.</param>
internal sealed class BoxOverlap(CocoBox[] detections, CocoBox[] truths, bool[] crowds) : IOverlap
{
    /// <inheritdoc/>
    public void Compute(ReadOnlySpan<int> detectionPlaces, ReadOnlySpan<int> truthPlaces, Span<double> overlaps)
    {
        int cell = 0;
        foreach (int d in detectionPlaces)
        {
            CocoBox a = detections[d];
            foreach (int t in truthPlaces)
            {
                CocoBox b = truths[t];
                double width = Math.Min(a.X + a.Width, b.X + b.Width) - Math.Max(a.X, b.X);
                double height = Math.Min(a.Y + a.Height, b.Y + b.Height) - Math.Max(a.Y, b.Y);
                if (width <= 0 || height <= 0)
                {
                    overlaps[cell++] = 0;
                    continue;
                }
                double intersection = width * height;
                overlaps[cell++] = intersection / (crowds[t] ? a.Area : a.Area + b.Area - intersection);
            }
        }
    }
}
