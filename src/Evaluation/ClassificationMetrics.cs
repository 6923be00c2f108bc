using Vision.Data;

namespace Vision.Evaluation;

/// <summary>The result of an evaluation of a classifier.</summary>
public sealed record ClassificationMetrics
{
    /// <summary>The classes.</summary>
    public required IReadOnlyList<Category> Categories { get; init; }

    /// <summary>How many images of class i were taken for class j, at [i, j].</summary>
    public required long[,] Confusion { get; init; }

    /// <summary>Images whose class is among the five surest.</summary>
    public required long TopFiveCorrect { get; init; }

    /// <summary>What a person should know beside the figures, one line each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Images whose class was the surest.</summary>
    public long Correct => Enumerable.Range(0, Categories.Count).Sum(label => Confusion[label, label]);

    /// <summary>All images.</summary>
    public long Total => Enumerable.Range(0, Categories.Count).Sum(TotalOf);

    /// <summary>The part of images whose class was the surest, in [0, 1].</summary>
    public double Top1 => (double)Correct / Total;

    /// <summary>The part of images whose class is among the five surest, in [0, 1]; of fewer classes, 1.</summary>
    public double Top5 => (double)TopFiveCorrect / Total;

    /// <summary>Images of a class.</summary>
    public long TotalOf(int label) => Enumerable.Range(0, Categories.Count).Sum(guess => Confusion[label, guess]);

    /// <summary>The part of the images of a class that were recognized, in [0, 1]; −1 where there are none.</summary>
    public double AccuracyOf(int label) => TotalOf(label) is > 0 and var total ? (double)Confusion[label, label] / total : -1;
}
