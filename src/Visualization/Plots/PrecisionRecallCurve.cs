namespace Vision.Visualization;

/// <summary>The precision–recall curve of one class.</summary>
/// <param name="Name">The class.</param>
/// <param name="Precisions">Precision at evenly spaced recalls from 0 to 1 (COCO uses 101); at least two.</param>
/// <param name="AveragePrecision">In [0, 1]; below 0 if the class has no object, which the legend then shows.</param>
public sealed record PrecisionRecallCurve(string Name, IReadOnlyList<double> Precisions, double AveragePrecision);
