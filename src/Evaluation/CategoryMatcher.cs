namespace Vision.Evaluation;

/// <summary>Matches the detections of one class to its objects over all images.</summary>
internal static class CategoryMatcher
{
    /// <summary>Matches the given rows, which must be of one class and ordered by image. Images are matched in parallel.</summary>
    public static CategoryMatches Match(EvaluationSet set, CocoRules rules, int[] detections, int[] truths)
    {
        int[] ranked = SurestOfEachImage(set, detections, rules.MaxDetections);
        CategoryMatches matches = new(ranked.Length, rules.Areas.Count, rules.Thresholds.Count);
        List<(Range Detections, Range Truths)> images = [];
        int d = 0, t = 0;
        while (d < ranked.Length || t < truths.Length)
        {
            int image = Math.Min(
                d < ranked.Length ? set.Detections[ranked[d]].Image : int.MaxValue,
                t < truths.Length ? set.Truths[truths[t]].Image : int.MaxValue);
            int firstDetection = d, firstTruth = t;
            while (d < ranked.Length && set.Detections[ranked[d]].Image == image) d++;
            while (t < truths.Length && set.Truths[truths[t]].Image == image) t++;
            images.Add((firstDetection..d, firstTruth..t));
        }
        Parallel.For(0, images.Count, () => new ImageMatcher(set, rules), (i, _, matcher) =>
        {
            matcher.Match(ranked.AsSpan(images[i].Detections), truths.AsSpan(images[i].Truths), matches, images[i].Detections.Start.Value);
            return matcher;
        }, _ => { });
        return matches;
    }

    /// <summary>The rows by image and descending score, equal scores in file order, limited to a maximum per image.</summary>
    private static int[] SurestOfEachImage(EvaluationSet set, int[] detections, int maximum)
    {
        int[] ranked = [.. detections];
        int kept = 0;
        for (int start = 0, end; start < ranked.Length; start = end)
        {
            int image = set.Detections[ranked[start]].Image;
            end = start + 1;
            while (end < ranked.Length && set.Detections[ranked[end]].Image == image) end++;

            Span<int> ofImage = ranked.AsSpan(start..end);
            // Rows of one image are in file order, so the index breaks ties as a stable sort would.
            ofImage.Sort((a, b) =>
                set.Detections[b].Score.CompareTo(set.Detections[a].Score) is var byScore and not 0 ? byScore : a.CompareTo(b));
            int count = Math.Min(ofImage.Length, maximum);
            ofImage[..count].CopyTo(ranked.AsSpan(kept));
            kept += count;
        }
        return ranked[..kept];
    }
}
