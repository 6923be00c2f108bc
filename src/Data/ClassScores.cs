using System.Collections;

namespace Vision.Data;

/// <summary>A classifier's prediction for one image, most probable class first.</summary>
/// <remarks>Programs read it as a list of <see cref="Classification"/>. Metrics use the arrays, which have equal lengths.</remarks>
public sealed record ClassScores : IReadOnlyList<Classification>
{
    /// <summary>The classes of the model: label 0 is the first. Empty if only the labels are known.</summary>
    public IReadOnlyList<Category> Categories { get; init; } = [];

    /// <summary>Class labels, starting at 0.</summary>
    public required int[] Labels { get; init; }

    /// <summary>Probabilities in [0, 1], descending; those of all classes sum to 1.</summary>
    public required float[] Scores { get; init; }

    /// <summary>The number of classes.</summary>
    public int Count => Labels.Length;

    /// <summary>The class at an index; 0 is the most probable.</summary>
    public Classification this[int index] =>
        new(Categories.Count > 0 ? Categories[Labels[index]] : new(Labels[index], $"class {Labels[index]}"), Scores[index]);

    /// <summary>The <paramref name="count"/> most probable classes with a score of at least <paramref name="minimum"/>.</summary>
    public ClassScores Top(int count, float minimum = 0)
    {
        int kept = Scores.Take(count).TakeWhile(score => score >= minimum).Count();
        return this with { Labels = Labels[..kept], Scores = Scores[..kept] };
    }

    /// <inheritdoc/>
    public IEnumerator<Classification> GetEnumerator() => Enumerable.Range(0, Count).Select(index => this[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
