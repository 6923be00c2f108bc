namespace Vision.Evaluation;

/// <summary>The detections of one class over all images, matched to the objects of that class.</summary>
internal sealed class CategoryMatches
{
    private readonly Outcome[] outcomes;        // [areas, thresholds, detections]
    private readonly int thresholds;

    /// <summary>Makes the tables for a number of detections.</summary>
    public CategoryMatches(int detections, int areas, int thresholds)
    {
        this.thresholds = thresholds;
        Scores = new double[detections];
        Ranks = new int[detections];
        Positives = new int[areas];
        outcomes = new Outcome[areas * thresholds * detections];
    }

    /// <summary>The score of each detection: image by image, the surest first in each.</summary>
    public double[] Scores { get; }

    /// <summary>Each detection's rank among those of its image, from 0.</summary>
    public int[] Ranks { get; }

    /// <summary>How many objects of each size are to be found.</summary>
    public int[] Positives { get; }

    /// <summary>What became of each detection.</summary>
    public Span<Outcome> Outcomes(int area, int threshold) =>
        outcomes.AsSpan((area * thresholds + threshold) * Scores.Length, Scores.Length);
}
