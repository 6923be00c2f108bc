namespace Vision.Evaluation;

/// <summary>The detections of one class over all images, matched to its objects, highest score first.</summary>
public sealed record DetectionClassResults
{
    /// <summary>For each image with objects of the class: its index, and the number of objects to find.</summary>
    public required IReadOnlyList<int[]> Objects { get; init; }

    /// <summary>The index of each detection's image.</summary>
    public required int[] Image { get; init; }

    /// <summary>The thresholds at which each detection hits an object: bit t is threshold t.</summary>
    public required int[] Hits { get; init; }

    /// <summary>The thresholds at which each detection counts neither as a hit nor as a mistake.</summary>
    public required int[] Ignored { get; init; }

    /// <summary>Collects the matches of all sizes.</summary>
    internal static DetectionClassResults Of(EvaluationSet set, CocoRules rules, CategoryMatches matches, int[] truths)
    {
        int[] ranking = matches.Ranking();
        int[] hits = new int[ranking.Length], ignored = new int[ranking.Length];
        for (int t = 0; t < rules.Thresholds.Count; t++)
        {
            Span<Outcome> outcomes = matches.Outcomes(0, t);
            for (int d = 0; d < ranking.Length; d++)
            {
                if (outcomes[ranking[d]] == Outcome.TruePositive) hits[d] |= 1 << t;
                if (outcomes[ranking[d]] == Outcome.Ignored) ignored[d] |= 1 << t;
            }
        }
        return new()
        {
            Objects = [.. truths.Select(t => set.Truths[t]).Where(truth => !truth.IsIgnored && rules.Areas[0].Contains(truth.Area))
                .CountBy(truth => truth.Image).Select(count => new[] { count.Key, count.Value })],
            Image = [.. ranking.Select(d => matches.Images[d])],
            Hits = hits,
            Ignored = ignored,
        };
    }

    /// <summary>The mean over the thresholds of the average precision if each image occurs a given number of times; null if there is no
    /// object to find.</summary>
    internal double? AveragePrecision(int[] times, int thresholds)
    {
        int positives = 0;
        foreach (int[] entry in Objects) positives += times[entry[0]] * entry[1];
        if (positives == 0) return null;
        bool[] hits = new bool[Image.Length];
        int[] counts = new int[Image.Length];
        double[] precisions = new double[PrecisionRecall.Recalls.Length], perThreshold = new double[thresholds];
        for (int t = 0; t < thresholds; t++)
        {
            int counted = 0;
            for (int d = 0; d < Image.Length; d++)
            {
                if (times[Image[d]] == 0 || (Ignored[d] >> t & 1) != 0) continue;
                (hits[counted], counts[counted++]) = ((Hits[d] >> t & 1) != 0, times[Image[d]]);
            }
            PrecisionRecall.Read(hits.AsSpan(0, counted), positives, precisions, counts.AsSpan(0, counted));
            perThreshold[t] = precisions.Average();
        }
        return perThreshold.Average();
    }

    /// <summary>Whether the tables fit together.</summary>
    internal bool Fits(int images) => Hits.Length == Image.Length && Ignored.Length == Image.Length
        && Image.All(image => image >= 0 && image < images)
        && Objects.All(entry => entry is [>= 0 and var image, >= 0] && image < images);
}
