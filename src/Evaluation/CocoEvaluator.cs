namespace Vision.Evaluation;

/// <summary>
/// Evaluation by COCO's rules (Lin et al. 2014, arXiv:1405.0312), equal to pycocotools' figures. The overlap is defined by
/// <see cref="EvaluationSet.Overlap"/>, so that boxes, masks and keypoints share this code.
/// </summary>
/// <remarks>
/// There is one deliberate difference: pycocotools treats a matched object with annotation id 0 as unmatched; here ids do not matter.
/// </remarks>
public static class CocoEvaluator
{
    /// <summary>Evaluates a data set. Classes, and the images of each class, are evaluated in parallel.</summary>
    public static CocoMetrics Evaluate(EvaluationSet set, CocoRules rules)
    {
        int classes = set.Categories.Count;
        Grouping truths = Grouping.By(set.Truths, set.ImageCount, classes, truth => truth.Image, truth => truth.Category);
        Grouping detections = Grouping.By(set.Detections, set.ImageCount, classes, detection => detection.Image,
            detection => detection.Category);

        CategoryScores[] scores = new CategoryScores[classes];
        DetectionClassResults[] results = new DetectionClassResults[classes];
        Parallel.For(0, classes, category =>
        {
            int[] own = truths.Of(category).ToArray();
            CategoryMatches matches = CategoryMatcher.Match(set, rules, detections.Of(category).ToArray(), own);
            scores[category] = CategoryAccumulator.Accumulate(matches, rules);
            results[category] = DetectionClassResults.Of(set, rules, matches, own);
        });

        return new()
        {
            Results = [.. rules.Figures.Select((figure, place) => Summarize(figure, scores.Select(score => score.Figures[place]), set))],
            PerCategory = [.. set.Categories.Select((category, place) => new CategoryMetrics
            {
                Category = category,
                AP = FigureOf(scores[place], rules, "AP"),
                AP50 = FigureOf(scores[place], rules, "AP50"),
                PrecisionAtRecall = scores[place].Curve ?? [],
            })],
            Notes = set.Notes,
            ClassResults = results,
        };
    }

    private static CocoResult Summarize(CocoMetric figure, IEnumerable<double?> perCategory, EvaluationSet set)
    {
        if (perCategory.Average() is { } mean) return new(figure, mean, null);
        string why = set.Truths.All(truth => truth.IsIgnored) ? "no ground truth" : $"no ground truth in '{figure.Area.Name}'";
        return new(figure, -1, why);
    }

    private static double FigureOf(CategoryScores scores, CocoRules rules, string name)
    {
        for (int i = 0; i < rules.Figures.Count; i++)
            if (rules.Figures[i].Name == name) return scores.Figures[i] ?? -1;
        throw new ArgumentException($"The rules have no figure '{name}'.", nameof(rules));
    }
}
