namespace Vision.Evaluation;

/// <summary>
/// Classifies a detector's errors by cause and computes how much AP50 would rise if each cause alone were corrected (ΔAP50), following TIDE
/// (Bolya et al. 2020, arXiv:2008.08115). The AP is COCO's, with its matching, so that it equals the AP50 of the table.
/// </summary>
internal static class ErrorAnalysis
{
    /// <summary>The minimum overlap of a detection that is on an object.</summary>
    private const double On = 0.5;

    /// <summary>The minimum overlap of a detection that is near an object; below, it is on background.</summary>
    private const double Near = 0.1;

    /// <summary>Analyzes the detections of a data set.</summary>
    public static DetectionErrors Of(EvaluationSet set)
    {
        Verdict[] verdicts = new Verdict[set.Detections.Length];
        bool[] found = new bool[set.Truths.Length], excused = new bool[set.Truths.Length];
        Grouping detections = Grouping.By(set.Detections, 1, set.ImageCount, _ => 0, detection => detection.Image);
        Grouping truths = Grouping.By(set.Truths, 1, set.ImageCount, _ => 0, truth => truth.Image);
        // Images share no rows, so threads write to separate ones.
        Parallel.For(0, set.ImageCount, image =>
            JudgeImage(set, detections.Of(image).ToArray(), truths.Of(image).ToArray(), verdicts, found, excused));

        bool[] missed = [.. set.Truths.Select((truth, t) => !truth.IsIgnored && !found[t] && !excused[t])];
        FixedPrecision precision = new(set, verdicts, found, missed);
        double now = precision.Without(null);
        return new(now, [.. Enum.GetValues<ErrorKind>().Select(kind => new ErrorShare(
            kind,
            kind == ErrorKind.Missed ? missed.Count(m => m)
                : verdicts.Count(verdict => verdict.Outcome == Outcome.FalsePositive && verdict.Kind == kind),
            now < 0 ? 0 : precision.Without(kind) - now))]);
    }

    private static void JudgeImage(EvaluationSet set, int[] detections, int[] truths, Verdict[] verdicts, bool[] found, bool[] excused)
    {
        double[] overlaps = new double[detections.Length * truths.Length];
        if (overlaps.Length > 0) set.Overlap.Compute(detections, truths, overlaps);
        bool[] taken = new bool[truths.Length];

        // A stable sort: equal scores stay in file order.
        int[] ranking = [.. Enumerable.Range(0, detections.Length).OrderByDescending(d => set.Detections[detections[d]].Score)];
        Dictionary<int, int> ranks = [];
        foreach (int d in ranking)
        {
            int category = set.Detections[detections[d]].Category, rank = ranks.GetValueOrDefault(category);
            ranks[category] = rank + 1;
            ReadOnlySpan<double> row = overlaps.AsSpan(d * truths.Length, truths.Length);
            int match = rank < CocoRules.Boxes.MaxDetections ? Match(set, truths, row, category, taken) : -1;
            if (match >= 0) taken[match] = true;
            verdicts[detections[d]] = new()
            {
                Rank = rank,
                Outcome = rank >= CocoRules.Boxes.MaxDetections ? Outcome.Ignored
                    : match < 0 ? Outcome.FalsePositive
                    : set.Truths[truths[match]].IsIgnored ? Outcome.Ignored : Outcome.TruePositive,
            };
        }
        for (int t = 0; t < truths.Length; t++) found[truths[t]] = taken[t];
        for (int d = 0; d < detections.Length; d++)
        {
            if (verdicts[detections[d]].Outcome != Outcome.FalsePositive) continue;
            (ErrorKind kind, int near) = Cause(set, truths, overlaps.AsSpan(d * truths.Length, truths.Length),
                set.Detections[detections[d]].Category);
            int truth = kind is ErrorKind.Classification or ErrorKind.Localization ? truths[near] : -1;
            verdicts[detections[d]] = verdicts[detections[d]] with { Kind = kind, Truth = truth };
            if (truth >= 0) excused[truth] = true;
        }
    }

    /// <summary>The unmatched object of a class that a detection overlaps most, the last one for ties; an ignored object only if no other
    /// qualifies. −1 for none.</summary>
    private static int Match(EvaluationSet set, int[] truths, ReadOnlySpan<double> row, int category, bool[] taken)
    {
        int match = -1, ignored = -1;
        for (int t = 0; t < truths.Length; t++)
        {
            GroundTruthEntry truth = set.Truths[truths[t]];
            if (truth.Category != category || row[t] < On || (taken[t] && !truth.IsCrowd)) continue;
            ref int best = ref truth.IsIgnored ? ref ignored : ref match;
            if (best < 0 || row[t] >= row[best]) best = t;
        }
        return match >= 0 ? match : ignored;
    }

    /// <summary>The cause of a false positive, and the object that it should have matched.</summary>
    private static (ErrorKind Kind, int Truth) Cause(EvaluationSet set, int[] truths, ReadOnlySpan<double> row, int category)
    {
        int own = -1, other = -1;
        for (int t = 0; t < truths.Length; t++)
        {
            if (set.Truths[truths[t]].IsIgnored) continue;
            ref int best = ref set.Truths[truths[t]].Category == category ? ref own : ref other;
            if (best < 0 || row[t] > row[best]) best = t;
        }
        double ownOverlap = own < 0 ? 0 : row[own], otherOverlap = other < 0 ? 0 : row[other];
        if (ownOverlap is >= Near and < On) return (ErrorKind.Localization, own);
        if (otherOverlap >= On) return (ErrorKind.Classification, other);
        if (ownOverlap >= On) return (ErrorKind.Duplicate, own);
        return (otherOverlap >= Near ? ErrorKind.Both : ErrorKind.Background, -1);
    }
}
