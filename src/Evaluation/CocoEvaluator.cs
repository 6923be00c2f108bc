namespace Vision.Evaluation;

/// <summary>
/// Evaluation by COCO's rules (Lin et al. 2014, arXiv:1405.0312), equal to pycocotools' figures. What overlap means is left to
/// <see cref="EvaluationSet.Overlap"/>, so that boxes, masks and keypoints share it.
/// </summary>
/// <remarks>
/// One thing differs on purpose: pycocotools takes an object whose annotation id is 0 for
/// unmatched when it is found; here ids play no part.
/// </remarks>
public static class CocoEvaluator
{
    /// <summary>Evaluates a data set. Classes, and the images of each, are evaluated in parallel.</summary>
    public static CocoMetrics Evaluate(EvaluationSet set, CocoRules rules)
    {
        int classes = set.Categories.Count;
        Grouping truths = Grouping.By(set.Truths, set.ImageCount, classes, truth => truth.Image, truth => truth.Category);
        Grouping detections = Grouping.By(set.Detections, set.ImageCount, classes, detection => detection.Image,
            detection => detection.Category);

        CategoryScores[] scores = new CategoryScores[classes];
        Parallel.For(0, classes, category =>
            scores[category] = CategoryAccumulator.Accumulate(
                CategoryMatcher.Match(set, rules, detections.Of(category).ToArray(), truths.Of(category).ToArray()), rules));

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
        };
    }

    private static CocoResult Summarize(CocoFigure figure, IEnumerable<double?> perCategory, EvaluationSet set)
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
