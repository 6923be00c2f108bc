namespace Vision.Training.Evaluation;

/// <summary>Matches the detections of one class to its objects, image by image, greedily from the surest detection down.</summary>
internal sealed class CategoryMatcher(EvaluationSet set, CocoRules rules)
{
    // Room for one image; grown as needed.
    private double[] overlaps = [];
    private bool[] ignored = [];
    private bool[] taken = [];
    private int[] order = [];

    /// <summary>Matches the given rows, which are all of one class and by ascending image.</summary>
    public CategoryMatches Match(ReadOnlySpan<int> detections, ReadOnlySpan<int> truths)
    {
        int[] ranked = SurestOfEachImage(detections);
        CategoryMatches matches = new(ranked.Length, rules.Areas.Count, rules.Thresholds.Count);
        int d = 0, t = 0;
        while (d < ranked.Length || t < truths.Length)
        {
            int image = Math.Min(
                d < ranked.Length ? set.Detections[ranked[d]].Image : int.MaxValue,
                t < truths.Length ? set.Truths[truths[t]].Image : int.MaxValue);
            int firstDetection = d, firstTruth = t;
            while (d < ranked.Length && set.Detections[ranked[d]].Image == image) d++;
            while (t < truths.Length && set.Truths[truths[t]].Image == image) t++;
            MatchImage(ranked.AsSpan(firstDetection..d), truths[firstTruth..t], matches, firstDetection);
        }
        return matches;
    }

    /// <summary>The rows by image and descending score, equal scores in file order, without those past the rules' maximum.</summary>
    private int[] SurestOfEachImage(ReadOnlySpan<int> detections)
    {
        int[] ranked = detections.ToArray();
        int kept = 0;
        for (int start = 0, end; start < ranked.Length; start = end)
        {
            int image = set.Detections[ranked[start]].Image;
            end = start + 1;
            while (end < ranked.Length && set.Detections[ranked[end]].Image == image) end++;

            Span<int> ofImage = ranked.AsSpan(start..end);
            // Rows of one image are in file order, so the place breaks ties as a stable sort would.
            ofImage.Sort((a, b) => set.Detections[b].Score.CompareTo(set.Detections[a].Score) is var byScore and not 0 ? byScore : a.CompareTo(b));
            int count = Math.Min(ofImage.Length, rules.MaxDetections);
            ofImage[..count].CopyTo(ranked.AsSpan(kept));
            kept += count;
        }
        return ranked[..kept];
    }

    private void MatchImage(ReadOnlySpan<int> detections, ReadOnlySpan<int> truths, CategoryMatches matches, int offset)
    {
        for (int d = 0; d < detections.Length; d++)
        {
            matches.Scores[offset + d] = set.Detections[detections[d]].Score;
            matches.Ranks[offset + d] = d;
        }
        Reserve(detections.Length, truths.Length);
        if (detections.Length > 0 && truths.Length > 0)
            set.Overlap.Compute(detections, truths, overlaps.AsSpan(0, detections.Length * truths.Length));

        for (int area = 0; area < rules.Areas.Count; area++)
        {
            int positives = OrderTruths(truths, rules.Areas[area]);
            matches.Positives[area] += positives;
            for (int threshold = 0; threshold < rules.Thresholds.Count; threshold++)
                Assign(detections, truths, positives, rules.Areas[area], rules.Thresholds[threshold],
                    matches.Outcomes(area, threshold)[offset..]);
        }
    }

    /// <summary>Orders the objects with those that count first, in file order; gives how many count.</summary>
    private int OrderTruths(ReadOnlySpan<int> truths, AreaRange area)
    {
        int positives = 0;
        for (int t = 0; t < truths.Length; t++)
        {
            TruthEntry truth = set.Truths[truths[t]];
            ignored[t] = truth.IsIgnored || !area.Contains(truth.Area);
            if (!ignored[t]) order[positives++] = t;
        }
        for (int t = 0, next = positives; t < truths.Length; t++)
            if (ignored[t]) order[next++] = t;
        return positives;
    }

    /// <summary>Gives each detection, surest first, the free object that it overlaps most; an object to ignore only where no other will do.</summary>
    private void Assign(ReadOnlySpan<int> detections, ReadOnlySpan<int> truths, int positives, AreaRange area, double threshold, Span<Outcome> outcomes)
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
                // Of equal overlaps the later object wins, as in pycocotools.
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
