namespace Vision.Data;

/// <summary>What a classifier says of one image: its classes, the surest first. The arrays are of one length.</summary>
public sealed class ClassScores
{
    /// <summary>Classes, from 0.</summary>
    public required int[] Labels { get; init; }

    /// <summary>Probabilities in [0, 1], descending; those of all classes sum to 1.</summary>
    public required float[] Scores { get; init; }

    /// <summary>The first so many, of those with a score of at least <paramref name="minimum"/>.</summary>
    public ClassScores Top(int count, float minimum = 0)
    {
        int kept = Scores.Take(count).TakeWhile(score => score >= minimum).Count();
        return new() { Labels = Labels[..kept], Scores = Scores[..kept] };
    }
}
