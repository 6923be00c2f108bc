namespace Vision.Evaluation;

/// <summary>Computes AP50 as it would be without the errors of one kind.</summary>
internal sealed class FixedPrecision(EvaluationSet set, Verdict[] verdicts, bool[] found, bool[] missed)
{
    // The same ranking as in CategoryAccumulator: by score, then by image and rank.
    private readonly int[] ranking = [.. Enumerable.Range(0, verdicts.Length)
        .Where(d => verdicts[d].Outcome != Outcome.Ignored)
        .OrderByDescending(d => set.Detections[d].Score).ThenBy(d => set.Detections[d].Image).ThenBy(d => verdicts[d].Rank)];

    /// <summary>The mean average precision over the classes with objects, −1 if there are none; null to correct no errors.</summary>
    public double Without(ErrorKind? corrected)
    {
        List<bool>[] hits = [.. set.Categories.Select(_ => new List<bool>())];
        bool[] claimed = [.. found];
        foreach (int d in ranking)
        {
            Verdict verdict = verdicts[d];
            int category = set.Detections[d].Category;
            if (verdict.Outcome == Outcome.TruePositive) hits[category].Add(true);
            else if (verdict.Kind != corrected) hits[category].Add(false);
            // Among several detections that should match the same object,
            // the one with the highest score becomes correct; all others are removed.
            else if (corrected is ErrorKind.Classification or ErrorKind.Localization && !claimed[verdict.Truth])
            {
                claimed[verdict.Truth] = true;
                hits[set.Truths[verdict.Truth].Category].Add(true);
            }
        }

        int[] positives = new int[hits.Length], left = new int[hits.Length];
        foreach (var (t, truth) in set.Truths.Index())
        {
            if (truth.IsIgnored) continue;
            positives[truth.Category]++;
            if (corrected != ErrorKind.Missed || !missed[t]) left[truth.Category]++;
        }
        double[] precisions = new double[PrecisionRecall.Recalls.Length];
        double sum = 0;
        int classes = 0;
        for (int category = 0; category < hits.Length; category++)
        {
            if (positives[category] == 0) continue;
            classes++;
            if (left[category] > 0)
            {
                PrecisionRecall.Read(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(hits[category]), left[category], precisions);
                sum += precisions.Average();
            }
            else sum++;     // all its objects were missed, so nothing is left to find
        }
        return classes == 0 ? -1 : sum / classes;
    }
}
