namespace Vision.Evaluation;

/// <summary>An annotated object in an <see cref="EvaluationSet"/>.</summary>
/// <param name="Image">The rank of its image.</param>
/// <param name="Category">Its class, an index in <see cref="EvaluationSet.Categories"/>.</param>
/// <param name="Area">Its area in square pixels, as annotated.</param>
/// <param name="IsCrowd">A region of many objects: any number of detections may match it.</param>
/// <param name="IsIgnored">Whether it counts neither as missed nor, when detected, as an error. True for crowds.</param>
public readonly record struct GroundTruthEntry(int Image, int Category, double Area, bool IsCrowd, bool IsIgnored);
