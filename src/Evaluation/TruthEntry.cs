namespace Vision.Evaluation;

/// <summary>An annotated object in an <see cref="EvaluationSet"/>.</summary>
/// <param name="Image">Rank of its image.</param>
/// <param name="Category">Its class, a place in <see cref="EvaluationSet.Categories"/>.</param>
/// <param name="Area">Its area in square pixels, as annotated.</param>
/// <param name="IsCrowd">A region of many objects: any number of detections may match it.</param>
/// <param name="IsIgnored">Neither to be found nor an error when found. Crowds are.</param>
public readonly record struct TruthEntry(int Image, int Category, double Area, bool IsCrowd, bool IsIgnored);
