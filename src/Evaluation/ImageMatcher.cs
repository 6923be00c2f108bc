namespace Vision.Evaluation;

/// <summary>Matches the detections of one class to its objects in one image,
/// greedily in order of descending score. Not thread-safe.</summary>
internal sealed class ImageMatcher(EvaluationSet set, CocoRules rules)
{
    // Buffers for one image, grown as needed.
    private double[] overlaps = [];
    private bool[] ignored = [];
    private bool[] taken = [];
    private int[] order = [];

    /// <summary>Matches rows of one class and image.</summary>
    /// <param name="detections">Indices of detections, highest score first.</param>
    /// <param name="truths">Indices of objects.</param>
    /// <param name="matches">Receives the outcome of the detections and the number of objects to find.</param>
    /// <param name="offset">Where the image's detections begin in <paramref name="matches"/>.</param>
    public void Match(ReadOnlySpan<int> detections, ReadOnlySpan<int> truths, CategoryMatches matches, int offset)
    {
        for (int d = 0; d < detections.Length; d++)
        {
            matches.Scores[offset + d] = set.Detections[detections[d]].Score;
            matches.Ranks[offset + d] = d;
            matches.Images[offset + d] = set.Detections[detections[d]].Image;
        }
        Reserve(detections.Length, truths.Length);
        if (detections.Length > 0 && truths.Length > 0)
            set.Overlap.Compute(detections, truths, overlaps.AsSpan(0, detections.Length * truths.Length));

        for (int area = 0; area < rules.Areas.Count; area++)
        {
            int positives = OrderTruths(truths, rules.Areas[area]);
            Interlocked.Add(ref matches.Positives[area], positives);
            for (int threshold = 0; threshold < rules.Thresholds.Count; threshold++)
                Assign(detections, truths, positives, rules.Areas[area], rules.Thresholds[threshold],
                    matches.Outcomes(area, threshold)[offset..]);
        }
    }

    /// <summary>Orders the objects, those that count first and otherwise in file order; returns how many count.</summary>
    private int OrderTruths(ReadOnlySpan<int> truths, AreaRange area)
    {
        int positives = 0;
        for (int t = 0; t < truths.Length; t++)
        {
            GroundTruthEntry truth = set.Truths[truths[t]];
            ignored[t] = truth.IsIgnored || !area.Contains(truth.Area);
            if (!ignored[t]) order[positives++] = t;
        }
        for (int t = 0, next = positives; t < truths.Length; t++)
            if (ignored[t]) order[next++] = t;
        return positives;
    }

    /// <summary>Assigns to each detection, highest score first, the unmatched object that it overlaps most; an ignored object only if no
    /// other qualifies.</summary>
    private void Assign(ReadOnlySpan<int> detections, ReadOnlySpan<int> truths, int positives, AreaRange area, double threshold,
        Span<Outcome> outcomes)
    {
        taken.AsSpan(0, truths.Length).Clear();
        for (int d = 0; d < detections.Length; d++)
        {
            ReadOnlySpan<double> row = overlaps.AsSpan(d * truths.Length, truths.Length);
            double best = threshold;
            int match = -1;
            for (int i = 0; i < truths.Length; i++)
            {
                if (i == positives && match >= 0) break;
                int t = order[i];
                // For equal overlaps the later object wins, as in pycocotools.
                if (row[t] < best || (taken[t] && !set.Truths[truths[t]].IsCrowd)) continue;
                best = row[t];
                match = t;
            }
            if (match >= 0) taken[match] = true;
            outcomes[d] = match >= 0
                ? ignored[match] ? Outcome.Ignored : Outcome.TruePositive
                : area.Contains(set.Detections[detections[d]].Area) ? Outcome.FalsePositive : Outcome.Ignored;
        }
    }

    private void Reserve(int detections, int truths)
    {
        if (overlaps.Length < detections * truths) overlaps = new double[2 * detections * truths];
        if (order.Length >= truths) return;
        ignored = new bool[2 * truths];
        taken = new bool[2 * truths];
        order = new int[2 * truths];
    }
}
