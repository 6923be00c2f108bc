using Vision.Data;

namespace Vision.Detection;

/// <summary>
/// Soft non-maximum suppression (Bodla et al. 2017, arXiv:1704.04503): repeatedly takes the box with the highest score
/// and lowers the scores of the others by their overlap with it, so that two objects that occlude each other are both
/// detected. It runs on the host, since each step depends on the previous one.
/// </summary>
internal static class SoftNms
{
    /// <summary>The detections with their new scores, highest score first.</summary>
    /// <param name="detections">The detections of one image. Masks and keypoints stay with their boxes.</param>
    /// <param name="options">The kind and its parameters; <see cref="SuppressionKind.Hard"/> drops boxes instead.</param>
    public static Detections Apply(Detections detections, SuppressionOptions options)
    {
        float[] scores = [.. detections.Scores];
        int[] rest = [.. Enumerable.Range(0, detections.Count)];
        List<int> taken = [];
        for (int left = rest.Length; left > 0;)
        {
            int best = 0;
            for (int i = 1; i < left; i++)
                if (scores[rest[i]] > scores[rest[best]] || (scores[rest[i]] == scores[rest[best]] && rest[i] < rest[best])) best = i;
            int chosen = rest[best];
            taken.Add(chosen);
            (rest[best], left) = (rest[left - 1], left - 1);

            int kept = 0;
            for (int i = 0; i < left; i++)
            {
                int other = rest[i];
                if (options.ClassAgnostic || detections.Labels[other] == detections.Labels[chosen])
                    scores[other] *= Factor((float)detections.Boxes[chosen].Iou(detections.Boxes[other]), options);
                if (scores[other] > 0 && (options.Kind == SuppressionKind.Hard || scores[other] >= options.MinimumScore))
                    rest[kept++] = other;
            }
            left = kept;
        }
        return new()
        {
            Boxes = [.. taken.Select(i => detections.Boxes[i])],
            Labels = [.. taken.Select(i => detections.Labels[i])],
            Scores = [.. taken.Select(i => scores[i])],
            Masks = detections.Masks is { } masks ? [.. taken.Select(i => masks[i])] : null,
            Keypoints = detections.Keypoints is { } keypoints ? [.. taken.Select(i => keypoints[i])] : null,
        };
    }

    private static float Factor(float iou, SuppressionOptions options) => options.Kind switch
    {
        SuppressionKind.SoftGaussian => MathF.Exp(-iou * iou / (float)options.Sigma),
        _ when iou <= options.IouThreshold => 1,
        SuppressionKind.SoftLinear => 1 - iou,
        _ => 0,
    };
}
