namespace Vision.Data;

/// <summary>A class that an image may show.</summary>
/// <param name="Category">The class.</param>
/// <param name="Score">Its probability, in [0, 1].</param>
public sealed record Classification(Category Category, float Score);
