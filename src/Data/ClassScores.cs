using System.Collections;

namespace Vision.Data;

/// <summary>What a classifier says of one image, the surest class first.</summary>
/// <remarks>A program reads it as a list of <see cref="Classification"/>. Metrics use the arrays, which are of one length.</remarks>
public sealed record ClassScores : IReadOnlyList<Classification>
{
    /// <summary>The classes of the model: label 0 is the first. Empty where only the labels are known.</summary>
    public IReadOnlyList<Category> Categories { get; init; } = [];

    /// <summary>Classes, from 0.</summary>
    public required int[] Labels { get; init; }

    /// <summary>Probabilities in [0, 1], descending; those of all classes sum to 1.</summary>
    public required float[] Scores { get; init; }

    /// <summary>How many classes there are.</summary>
    public int Count => Labels.Length;

    /// <summary>One of them; 0 is the surest.</summary>
    public Classification this[int index] =>
        new(Categories.Count > 0 ? Categories[Labels[index]] : new(Labels[index], $"class {Labels[index]}"), Scores[index]);

    /// <summary>The first so many, of those with a score of at least <paramref name="minimum"/>.</summary>
    public ClassScores Top(int count, float minimum = 0)
    {
        int kept = Scores.Take(count).TakeWhile(score => score >= minimum).Count();
        return this with { Labels = Labels[..kept], Scores = Scores[..kept] };
    }

    /// <inheritdoc/>
    public IEnumerator<Classification> GetEnumerator() => Enumerable.Range(0, Count).Select(index => this[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
