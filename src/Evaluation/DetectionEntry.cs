namespace Vision.Evaluation;

/// <summary>A detection in an <see cref="EvaluationSet"/>.</summary>
/// <param name="Image">The rank of its image.</param>
/// <param name="Category">Its class, an index in <see cref="EvaluationSet.Categories"/>.</param>
/// <param name="Score">Its confidence; only the order matters.</param>
/// <param name="Area">Its area in square pixels.</param>
public readonly record struct DetectionEntry(int Image, int Category, double Score, double Area);
