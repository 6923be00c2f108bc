using Vision.Data;

namespace Vision.Evaluation;

/// <summary>The result of an evaluation of a semantic segmenter, over the pixels of all images together. Figures
/// are in [0, 1], and −1 where there is nothing to measure.</summary>
/// <remarks>Means are over the classes that have the figure: a class that is neither in the truth nor predicted is in none, one that is
/// predicted but not in the truth is in that of the IoU, with 0.</remarks>
public sealed record SegmentationMetrics
{
    /// <summary>The classes.</summary>
    public required IReadOnlyList<Category> Categories { get; init; }

    /// <summary>How many pixels of class i were taken for class j, at [i, j]; without those that the truth ignores.</summary>
    public required long[,] Confusion { get; init; }

    /// <summary>
    /// The boundary F-score of each class (Csurka et al. 2013), the mean over the images in which the truth or the prediction has a border
    /// of it; −1 where none has. The image's own edge is no border, nor is that to ignored pixels.
    /// </summary>
    public required IReadOnlyList<double> BoundaryFPerClass { get; init; }

    /// <summary>What a person should know beside the figures, one line each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>All pixels that were counted.</summary>
    public long Total => Labels.Sum(TotalOf);

    /// <summary>The part of the pixels whose class was found.</summary>
    public double PixelAccuracy => Ratio(Labels.Sum(label => Confusion[label, label]), Total);

    /// <summary>mIoU: the mean of <see cref="IouOf"/> over the classes that are in the truth or predicted.</summary>
    public double MeanIou => Mean(Labels.Select(IouOf));

    /// <summary>The mean of <see cref="AccuracyOf"/> over the classes that are in the truth.</summary>
    public double MeanAccuracy => Mean(Labels.Select(AccuracyOf));

    /// <summary>The mean of <see cref="IouOf"/> with each class' share of the pixels as its weight.</summary>
    public double FrequencyWeightedIou =>
        Total == 0 ? -1 : Labels.Where(label => TotalOf(label) > 0).Sum(label => ShareOf(label) * IouOf(label));

    /// <summary>The mean of <see cref="BoundaryFPerClass"/> over the classes that have a border.</summary>
    public double BoundaryF => Mean(BoundaryFPerClass);

    /// <summary>Pixels of a class in the truth.</summary>
    public long TotalOf(int label) => Labels.Sum(guess => Confusion[label, guess]);

    /// <summary>Pixels that were taken for a class.</summary>
    public long PredictedOf(int label) => Labels.Sum(truth => Confusion[truth, label]);

    /// <summary>Intersection over union: of the pixels that are of a class or were taken for it, the
    /// part that is both; −1 where there are none.</summary>
    public double IouOf(int label) => Ratio(Confusion[label, label], TotalOf(label) + PredictedOf(label) - Confusion[label, label]);

    /// <summary>The part of the pixels of a class that were found; −1 where there are none.</summary>
    public double AccuracyOf(int label) => Ratio(Confusion[label, label], TotalOf(label));

    /// <summary>The part of all pixels that are of a class.</summary>
    public double ShareOf(int label) => Ratio(TotalOf(label), Total);

    /// <summary>Why a figure of a class is −1, or its IoU 0 without a pixel in the truth; null where the class has all figures.</summary>
    public string? AbsenceOf(int label) => (TotalOf(label), PredictedOf(label)) switch
    {
        (0, 0) => "neither in the truth nor predicted: in no mean",
        (0, > 0) => "predicted, but not in the truth: its IoU is 0, and it has no accuracy",
        _ => BoundaryFPerClass[label] < 0 ? "without a border in any image: it has no boundary score" : null,
    };

    private IEnumerable<int> Labels => Enumerable.Range(0, Categories.Count);

    private static double Ratio(long part, long whole) => whole > 0 ? (double)part / whole : -1;

    private static double Mean(IEnumerable<double> figures) => figures.Where(figure => figure >= 0).DefaultIfEmpty(-1).Average();
}
