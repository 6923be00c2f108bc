namespace Vision.Data;

/// <summary>How much of a data set belongs to a class.</summary>
/// <param name="Category">The class.</param>
/// <param name="Pixels">Its pixels in all images.</param>
/// <param name="Share">Their share of all classified pixels, in [0, 1].</param>
/// <param name="Images">The number of images that show it.</param>
public sealed record ClassPixels(Category Category, long Pixels, double Share, int Images);
