namespace Vision.Evaluation;

/// <summary>
/// COCO's object keypoint similarity: the mean of exp(−d² / (2 · area · (2σ)²)) over the labeled keypoints, where d is the distance in
/// pixels between a keypoint and its prediction. For an object without labeled keypoints, d is the distance of a predicted point to the
/// object's box, enlarged three times.
/// </summary>
/// <param name="detections">x, y and score of each keypoint, in the order of <see cref="EvaluationSet.Detections"/>.</param>
/// <param name="truths">x, y and visibility of each keypoint, in the order of <see cref="EvaluationSet.Truths"/>.</param>
/// <param name="boxes">The objects' boxes.</param>
/// <param name="areas">The objects' areas in square pixels.</param>
/// <param name="sigmas">One for each keypoint.</param>
internal sealed class KeypointOverlap(double[][] detections, double[][] truths, CocoBox[] boxes, double[] areas, double[] sigmas) : IOverlap
{
    // pycocotools' guard against division by 0.
    private const double Ulp = 2.220446049250313e-16;

    /// <inheritdoc/>
    public void Compute(ReadOnlySpan<int> detectionPlaces, ReadOnlySpan<int> truthPlaces, Span<double> overlaps)
    {
        int cell = 0;
        foreach (int d in detectionPlaces)
            foreach (int t in truthPlaces) overlaps[cell++] = Similarity(detections[d], truths[t], boxes[t], areas[t]);
    }

    /// <summary>The number of annotated keypoints.</summary>
    public static int Labeled(double[] points)
    {
        int labeled = 0;
        for (int i = 2; i < points.Length; i += 3) if (points[i] > 0) labeled++;
        return labeled;
    }

    /// <summary>The area of the bounding box of a detection's keypoints, its size if it has no box of its own.</summary>
    public static double Extent(double[] points)
    {
        double left = double.MaxValue, top = double.MaxValue, right = double.MinValue, bottom = double.MinValue;
        for (int i = 0; i < points.Length; i += 3)
        {
            (left, right) = (Math.Min(left, points[i]), Math.Max(right, points[i]));
            (top, bottom) = (Math.Min(top, points[i + 1]), Math.Max(bottom, points[i + 1]));
        }
        return points.Length == 0 ? 0 : (right - left) * (bottom - top);
    }

    private double Similarity(double[] found, double[] truth, CocoBox box, double area)
    {
        int labeled = Labeled(truth);
        double sum = 0;
        for (int k = 0; k < sigmas.Length; k++)
        {
            double dx, dy, x = found[3 * k], y = found[3 * k + 1];
            if (labeled > 0)
            {
                if (truth[3 * k + 2] <= 0) continue;
                (dx, dy) = (x - truth[3 * k], y - truth[3 * k + 1]);
            }
            else
            {
                dx = Math.Max(0, box.X - box.Width - x) + Math.Max(0, x - (box.X + 2 * box.Width));
                dy = Math.Max(0, box.Y - box.Height - y) + Math.Max(0, y - (box.Y + 2 * box.Height));
            }
            double variance = 4 * sigmas[k] * sigmas[k];
            sum += Math.Exp(-(dx * dx + dy * dy) / variance / (area + Ulp) / 2);
        }
        return sum / (labeled > 0 ? labeled : sigmas.Length);
    }
}
