namespace Vision.Data;

/// <summary>Chooses the images of a data set that are held out for validation.</summary>
internal static class HoldOut
{
    /// <summary>The number of images to hold out; each part gets at least one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    /// <exception cref="InputException">There are fewer than two images.</exception>
    public static int Count(string dataset, int images, double fraction)
    {
        if (fraction is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "The fraction to hold out must be between 0 and 1.");
        if (images < 2)
            throw new InputException($"{dataset}: {images} image cannot be split into training and validation; give at least two.");
        return Math.Clamp((int)Math.Round(fraction * images), 1, images - 1);
    }

    /// <summary>The indices of the images to hold out, drawn uniformly.</summary>
    public static HashSet<int> Draw(string dataset, int images, double fraction, int seed)
    {
        int count = Count(dataset, images, fraction);
        int[] order = [.. Enumerable.Range(0, images)];
        new Random(seed).Shuffle(order);
        return [.. order[..count]];
    }
}
