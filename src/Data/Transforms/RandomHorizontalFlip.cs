using OpenCvSharp;

namespace Vision.Data;

/// <summary>Mirrors left and right. Keypoints of a left and a right side change places, as their names say.</summary>
public sealed class RandomHorizontalFlip : IImageTransform
{
    private readonly double probability;
    private readonly IReadOnlyList<Category> categories;
    private readonly int[][] mirrored;

    /// <summary>Sets the probability.</summary>
    /// <param name="probability">How often, in [0, 1]. A half, as everywhere in the field, shows both views equally often.</param>
    /// <param name="categories">The data set's classes, whose names of keypoints decide which change
    /// places; needed only where there are keypoints.</param>
    public RandomHorizontalFlip(double probability = 0.5, IReadOnlyList<Category>? categories = null)
    {
        if (probability is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies in [0, 1].");
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
                $"{file}: annotation {item.Id} has {item.Keypoints.Count} keypoints, and its category names {places.Length}, so that " +
                "left and right cannot change places: name them in the data set, or train without mirroring.");
        return item with { Keypoints = [.. places.Select(place => item.Keypoints[place])] };
    }
}
