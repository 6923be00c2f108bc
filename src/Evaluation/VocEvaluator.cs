namespace Vision.Evaluation;

/// <summary>
/// Evaluation by Pascal VOC's rules: each detection, highest score first, is assigned to the object of its class that it overlaps most.
/// With an IoU of 0.5 or more it is correct if it is the first on that object, and wrong otherwise;
/// on a difficult object it does not count.
/// </summary>
/// <remarks>Boxes have exclusive right and lower borders;
/// the original program assumes inclusive ones and adds a pixel to each side.</remarks>
internal static class VocEvaluator
{
    private const double MinOverlap = 0.5;

    /// <summary>Evaluates a data set in which difficult objects are marked as ignored and no object as a crowd.</summary>
    public static VocMetrics Evaluate(EvaluationSet set, VocRules rules)
    {
        int classes = set.Categories.Count;
        Grouping truths = Grouping.By(set.Truths, set.ImageCount, classes, truth => truth.Image, truth => truth.Category);
        Grouping detections = Grouping.By(set.Detections, set.ImageCount, classes, detection => detection.Image,
            detection => detection.Category);
        VocCategoryMetrics[] perCategory = new VocCategoryMetrics[classes];
        Parallel.For(0, classes, category =>
            perCategory[category] = OfCategory(set, category, detections.Of(category).ToArray(), truths.Of(category).ToArray(), rules));
        return new() { Rules = rules, PerCategory = perCategory };
    }

    private static VocCategoryMetrics OfCategory(EvaluationSet set, int category, int[] detections, int[] truths, VocRules rules)
    {
        ILookup<int, int> truthsOf = truths.ToLookup(t => set.Truths[t].Image);
        int objects = truths.Count(t => !set.Truths[t].IsIgnored), hits = 0, counted = 0;
        HashSet<int> taken = [];
        List<double> precisions = [], recalls = [];
        foreach (int d in detections.OrderByDescending(d => set.Detections[d].Score))
        {
            int[] candidates = [.. truthsOf[set.Detections[d].Image]];
            double[] overlaps = new double[candidates.Length];
            if (candidates.Length > 0) set.Overlap.Compute([d], candidates, overlaps);
            int best = -1;
            for (int i = 0; i < candidates.Length; i++)
                if (overlaps[i] >= MinOverlap && (best < 0 || overlaps[i] > overlaps[best])) best = i;

            if (best >= 0 && set.Truths[candidates[best]].IsIgnored) continue;
            counted++;
            if (best >= 0 && taken.Add(candidates[best])) hits++;
            precisions.Add((double)hits / counted);
            recalls.Add(objects == 0 ? 0 : (double)hits / objects);
        }
        double ap = objects == 0 ? -1 : rules == VocRules.Voc2007 ? ElevenPoints(precisions, recalls) : Area(precisions, recalls);
        return new() { Category = set.Categories[category], Objects = objects, AP = ap, Precisions = precisions, Recalls = recalls };
    }

    private static double ElevenPoints(List<double> precisions, List<double> recalls)
    {
        double sum = 0;
        for (int point = 0; point <= 10; point++)
            sum += precisions.Where((_, i) => recalls[i] >= point / 10.0).DefaultIfEmpty(0).Max();
        return sum / 11;
    }

    private static double Area(List<double> precisions, List<double> recalls)
    {
        double area = 0, envelope = 0;
        for (int i = precisions.Count - 1; i >= 0; i--)
        {
            envelope = Math.Max(envelope, precisions[i]);
            area += (recalls[i] - (i == 0 ? 0 : recalls[i - 1])) * envelope;
        }
        return area;
    }
}
