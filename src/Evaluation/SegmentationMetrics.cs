using Vision.Data;

namespace Vision.Evaluation;

/// <summary>The evaluation metrics of a semantic segmenter, over the pixels of all images together.
/// Metrics are in [0, 1], or −1 if undefined.</summary>
/// <remarks>Means are over the classes for which the metric is defined: a class that is neither in the ground truth nor predicted is left
/// out; one that is predicted but not in the ground truth counts as 0 in the mean IoU.</remarks>
public sealed record SegmentationMetrics
{
    /// <summary>The classes.</summary>
    public required IReadOnlyList<Category> Categories { get; init; }

    /// <summary>The confusion matrix: the number of pixels of class i that were predicted as class j, at [i,
    /// j], without ignored pixels.</summary>
    public required long[,] Confusion { get; init; }

    /// <summary>
    /// The boundary F-score of each class (Csurka et al. 2013), the mean over the images in which the ground truth or the prediction has a
    /// border of the class; −1 if there is none. The image's own edge and edges of ignored areas are not borders.
    /// </summary>
    public required IReadOnlyList<double> BoundaryFPerClass { get; init; }

    /// <summary>What each image contributes to <see cref="MeanIou"/>; null if the images were added without names.</summary>
    public SegmentationImageResults? Images { get; init; }

    /// <summary>Remarks for readers of the metrics, one line each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Number of counted pixels.</summary>
    public long Total => Labels.Sum(TotalOf);

    /// <summary>The fraction of the pixels that were predicted correctly.</summary>
    public double PixelAccuracy => Ratio(Labels.Sum(label => Confusion[label, label]), Total);

    /// <summary>mIoU: the mean of <see cref="IouOf"/> over the classes in the ground truth or the prediction.</summary>
    public double MeanIou => Mean(Labels.Select(IouOf));

    /// <summary>The mean of <see cref="AccuracyOf"/> over the classes in the ground truth.</summary>
    public double MeanAccuracy => Mean(Labels.Select(AccuracyOf));

    /// <summary>The mean of <see cref="IouOf"/>, weighted by each class's share of the pixels.</summary>
    public double FrequencyWeightedIou =>
        Total == 0 ? -1 : Labels.Where(label => TotalOf(label) > 0).Sum(label => ShareOf(label) * IouOf(label));

    /// <summary>The mean of <see cref="BoundaryFPerClass"/> over the classes that have a border.</summary>
    public double BoundaryF => Mean(BoundaryFPerClass);

    /// <summary>Number of pixels of a class in the ground truth.</summary>
    public long TotalOf(int label) => Labels.Sum(guess => Confusion[label, guess]);

    /// <summary>Number of pixels predicted as a class.</summary>
    public long PredictedOf(int label) => Labels.Sum(truth => Confusion[truth, label]);

    /// <summary>Intersection over union: the fraction of the pixels that both belong to a class and were predicted as it, among those that
    /// do either; −1 if there are none.</summary>
    public double IouOf(int label) => Ratio(Confusion[label, label], TotalOf(label) + PredictedOf(label) - Confusion[label, label]);

    /// <summary>The fraction of the pixels of a class that were predicted correctly; −1 if there are none.</summary>
    public double AccuracyOf(int label) => Ratio(Confusion[label, label], TotalOf(label));

    /// <summary>The fraction of all pixels that belong to a class.</summary>
    public double ShareOf(int label) => Ratio(TotalOf(label), Total);

    /// <summary>Why a metric of a class is −1, or its IoU 0 without a pixel in the ground truth; null if all metrics are defined.</summary>
    public string? AbsenceOf(int label) => (TotalOf(label), PredictedOf(label)) switch
    {
        (0, 0) => "neither in the ground truth nor predicted: left out of all means",
        (0, > 0) => "predicted, but not in the ground truth: its IoU is 0, and its accuracy is undefined",
        _ => BoundaryFPerClass[label] < 0 ? "without a border in any image: its boundary score is undefined" : null,
    };

    private IEnumerable<int> Labels => Enumerable.Range(0, Categories.Count);

    private static double Ratio(long part, long whole) => whole > 0 ? (double)part / whole : -1;

    private static double Mean(IEnumerable<double> figures) => figures.Where(figure => figure >= 0).DefaultIfEmpty(-1).Average();
}
