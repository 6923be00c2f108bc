namespace Vision.Data;

/// <summary>How much of a data set is of a class.</summary>
/// <param name="Category">The class.</param>
/// <param name="Pixels">Its pixels in all images.</param>
/// <param name="Share">Their part of the pixels that have a class, in [0, 1].</param>
/// <param name="Images">The images that show it.</param>
public sealed record ClassPixels(Category Category, long Pixels, double Share, int Images);
