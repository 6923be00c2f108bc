namespace Vision.Visualization;

/// <summary>The precision–recall curve of one class.</summary>
/// <param name="Name">The class.</param>
/// <param name="Precisions">Precision at evenly spaced recalls from 0 to 1 (COCO reads it at 101 of them); at least two.</param>
/// <param name="AveragePrecision">In [0, 1]; below 0 where the class has no object, and then the legend says so.</param>
public sealed record PrecisionRecallCurve(string Name, IReadOnlyList<double> Precisions, double AveragePrecision);
