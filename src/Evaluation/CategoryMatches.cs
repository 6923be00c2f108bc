namespace Vision.Evaluation;

/// <summary>The detections of one class over all images, matched to the objects of that class.</summary>
internal sealed class CategoryMatches
{
    private readonly Outcome[] outcomes;        // [areas, thresholds, detections]
    private readonly int thresholds;

    /// <summary>Creates the tables for a number of detections.</summary>
    public CategoryMatches(int detections, int areas, int thresholds)
    {
        this.thresholds = thresholds;
        Scores = new double[detections];
        Ranks = new int[detections];
        Images = new int[detections];
        Positives = new int[areas];
        outcomes = new Outcome[areas * thresholds * detections];
    }

    /// <summary>The score of each detection, image by image and in descending order within an image.</summary>
    public double[] Scores { get; }

    /// <summary>The image of each detection.</summary>
    public int[] Images { get; }

    /// <summary>Each detection's rank among those of its image, starting at 0.</summary>
    public int[] Ranks { get; }

    /// <summary>The number of objects to find in each size range.</summary>
    public int[] Positives { get; }

    /// <summary>The detections of all images by descending score; ties stay in the order of images, then of rank.</summary>
    public int[] Ranking()
    {
        int[] ranking = [.. Enumerable.Range(0, Scores.Length)];
        ranking.AsSpan().Sort((a, b) => Scores[b].CompareTo(Scores[a]) is var byScore and not 0 ? byScore : a.CompareTo(b));
        return ranking;
    }

    /// <summary>The outcome of each detection.</summary>
    public Span<Outcome> Outcomes(int area, int threshold) =>
        outcomes.AsSpan((area * thresholds + threshold) * Scores.Length, Scores.Length);
}
