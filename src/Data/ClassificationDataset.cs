namespace Vision.Data;

/// <summary>One split of a data set in which each image has a class.</summary>
public sealed class ClassificationDataset : IDataset
{
    /// <summary>Its name in messages, such as <c>cifar10/train</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The classes. A model's label for a class is its index here, starting at 0.</summary>
    public required IReadOnlyList<Category> Categories { get; init; }

    /// <summary>The images, in a stable order.</summary>
    public required IReadOnlyList<LabeledImage> Samples { get; init; }

    /// <inheritdoc/>
    public int Count => Samples.Count;

    /// <summary>Problems found while reading; what they concern was left out.</summary>
    public DatasetReport Report { get; init; } = new();

    /// <summary>Holds out some images of each class for validation, always the same ones for the same seed. Both parts keep the order of
    /// the images and share the report.</summary>
    /// <param name="fraction">The fraction to hold out, above 0 and below 1; each part gets at least one image. A class with few images may
    /// end up entirely in one part.</param>
    /// <param name="seed">A different seed holds out different images.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    /// <exception cref="InputException">There are fewer than two images.</exception>
    public (ClassificationDataset Train, ClassificationDataset HeldOut) Split(double fraction = 0.1, int seed = 0)
    {
        int count = HoldOut.Count(Name, Samples.Count, fraction);
        int[] shuffled = [.. Enumerable.Range(0, Samples.Count)];
        new Random(seed).Shuffle(shuffled);
        // Samples at even distances from images grouped by class take a proportional share of every class.
        int[] byClass = [.. shuffled.OrderBy(index => Samples[index].Label)];
        HashSet<int> held = [.. Enumerable.Range(0, count).Select(i => byClass[(int)((i + 0.5) * byClass.Length / count)])];
        return (Part("train", index => !held.Contains(index)), Part("held out", held.Contains));

        ClassificationDataset Part(string name, Func<int, bool> belongs) => new()
        {
            Name = $"{Name} ({name})",
            Categories = Categories,
            Samples = [.. Samples.Where((_, index) => belongs(index))],
            Report = Report,
        };
    }
}
