using Vision.Data;

namespace Vision.Evaluation;

/// <summary>The evaluation metrics of a classifier.</summary>
public sealed record ClassificationMetrics
{
    /// <summary>The classes.</summary>
    public required IReadOnlyList<Category> Categories { get; init; }

    /// <summary>The confusion matrix: the number of images of class i that were predicted as class j, at [i, j].</summary>
    public required long[,] Confusion { get; init; }

    /// <summary>Number of images whose class is among the five most probable.</summary>
    public required long TopFiveCorrect { get; init; }

    /// <summary>What each image contributes to <see cref="Top1"/>; null if the images were added without names.</summary>
    public ClassificationImageResults? Images { get; init; }

    /// <summary>Remarks for readers of the metrics, one line each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Number of images whose class was predicted.</summary>
    public long Correct => Enumerable.Range(0, Categories.Count).Sum(label => Confusion[label, label]);

    /// <summary>Number of images.</summary>
    public long Total => Enumerable.Range(0, Categories.Count).Sum(TotalOf);

    /// <summary>The fraction of images whose class was predicted, in [0, 1].</summary>
    public double Top1 => (double)Correct / Total;

    /// <summary>The fraction of images whose class is among the five most probable, in [0, 1];
    /// always 1 for fewer than five classes.</summary>
    public double Top5 => (double)TopFiveCorrect / Total;

    /// <summary>Number of images of a class.</summary>
    public long TotalOf(int label) => Enumerable.Range(0, Categories.Count).Sum(guess => Confusion[label, guess]);

    /// <summary>The fraction of a class's images that were predicted correctly, in [0, 1]; −1 if it has no images.</summary>
    public double AccuracyOf(int label) => TotalOf(label) is > 0 and var total ? (double)Confusion[label, label] / total : -1;
}
