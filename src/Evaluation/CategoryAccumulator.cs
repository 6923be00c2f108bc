namespace Vision.Evaluation;

/// <summary>Computes precision and recall from the matches of one class.</summary>
internal static class CategoryAccumulator
{
    /// <summary>Computes all metrics of the rules for one class.</summary>
    public static CategoryScores Accumulate(CategoryMatches matches, CocoRules rules)
    {
        int[] ranking = matches.Ranking();
        bool[] hits = new bool[ranking.Length];
        double[] precisions = new double[PrecisionRecall.Recalls.Length];
        double[]? curve = matches.Positives[0] > 0 ? new double[precisions.Length] : null;

        // Several metrics use the same detections and differ only in the thresholds that they average.
        Dictionary<(string Area, int MaxDetections), (double[] Precision, double[] Recall)?> views = [];
        double?[] figures = new double?[rules.Figures.Count];
        for (int f = 0; f < figures.Length; f++)
        {
            CocoMetric figure = rules.Figures[f];
            var key = (figure.Area.Name, figure.MaxDetections);
            if (!views.TryGetValue(key, out var view)) views[key] = view = View(figure);
            if (view is not { } scores) continue;
            double[] values = figure.Kind == CocoMetricKind.Precision ? scores.Precision : scores.Recall;
            figures[f] = figure.Threshold is { } threshold ? values[ThresholdPlace(rules, threshold)] : values.Average();
        }
        return new(figures, curve);

        (double[] Precision, double[] Recall)? View(CocoMetric figure)
        {
            int area = AreaPlace(rules, figure.Area);
            int positives = matches.Positives[area];
            if (positives == 0) return null;
            double[] precision = new double[rules.Thresholds.Count], recall = new double[rules.Thresholds.Count];
            for (int t = 0; t < precision.Length; t++)
            {
                Span<Outcome> outcomes = matches.Outcomes(area, t);
                int counted = 0;
                foreach (int d in ranking)
                    if (outcomes[d] != Outcome.Ignored && matches.Ranks[d] < figure.MaxDetections)
                        hits[counted++] = outcomes[d] == Outcome.TruePositive;
                recall[t] = PrecisionRecall.Read(hits.AsSpan(0, counted), positives, precisions);
                precision[t] = precisions.Average();
                if (area == 0 && t == 0 && figure.MaxDetections == rules.MaxDetections) precisions.CopyTo(curve!, 0);
            }
            return (precision, recall);
        }
    }

    private static int AreaPlace(CocoRules rules, AreaRange area)
    {
        for (int i = 0; i < rules.Areas.Count; i++) if (rules.Areas[i] == area) return i;
        throw new ArgumentException($"A figure uses the size range '{area.Name}', which the rules do not have.", nameof(rules));
    }

    private static int ThresholdPlace(CocoRules rules, double threshold)
    {
        for (int i = 0; i < rules.Thresholds.Count; i++) if (Math.Abs(rules.Thresholds[i] - threshold) < 1e-9) return i;
        throw new ArgumentException($"A figure uses the threshold {threshold}, which the rules do not have.", nameof(rules));
    }
}
