using OpenCvSharp;

namespace Vision.Data;

/// <summary>Mirrors images horizontally. Left and right keypoints are swapped, according to their names.</summary>
public sealed class RandomHorizontalFlip : IImageTransform
{
    private readonly double probability;
    private readonly IReadOnlyList<Category> categories;
    private readonly int[][] mirrored;

    /// <summary>Sets the probability.</summary>
    /// <param name="probability">The probability, in [0, 1]. The usual 0.5 shows both views equally often.</param>
    /// <param name="categories">The data set's classes, whose keypoint names determine which ones are swapped;
    /// needed only if there are keypoints.</param>
    public RandomHorizontalFlip(double probability = 0.5, IReadOnlyList<Category>? categories = null)
    {
        if (probability is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability must be in [0, 1].");
        this.probability = probability;
        this.categories = categories ?? [];
        mirrored = [.. this.categories.Select(category => category.MirroredKeypoints())];
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">An object has keypoints that its category does not name.</exception>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
    {
        if (random.NextDouble() >= probability) return (image, targets);
        Cv2.Flip(image, image, FlipMode.Y);
        targets = targets.Moved(targets.Width, targets.Height, AffineMap.Mirror(targets.Width));
        return (image, targets with { Objects = [.. targets.Objects.Select(item => Swapped(item, targets.File))] });
    }

    private Annotation Swapped(Annotation item, string file)
    {
        if (item.Keypoints is null) return item;
        int[] places = item.Label <= mirrored.Length ? mirrored[item.Label - 1] : [];
        if (places.Length != item.Keypoints.Count)
            throw new InputException(
                $"{file}: annotation {item.Id} has {item.Keypoints.Count} keypoints, but its category names {places.Length}, so " +
                    "left and right cannot be swapped: name them in the data set, or train without flipping.");
        return item with { Keypoints = [.. places.Select(place => item.Keypoints[place])] };
    }
}
