namespace Vision.Data;

/// <summary>Images with a class each, of one split.</summary>
public sealed class ClassificationDataset : IDataset
{
    /// <summary>What messages call it, such as <c>cifar10/train</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The classes. A model's label of a class is its place here, from 0.</summary>
    public required IReadOnlyList<Category> Categories { get; init; }

    /// <summary>The images, in a stable order.</summary>
    public required IReadOnlyList<LabeledImage> Samples { get; init; }

    /// <inheritdoc/>
    public int Count => Samples.Count;

    /// <summary>What was wrong while reading, and left out.</summary>
    public DatasetReport Report { get; init; } = new();

    /// <summary>Holds some images of each class out for validation, the same ones each time. Both parts
    /// keep the order of the images and share the report.</summary>
    /// <param name="fraction">The part to hold out, above 0 and below 1; at least one image goes to each
    /// side. A class of a few images may go wholly to one side.</param>
    /// <param name="seed">Another seed holds out other images.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    /// <exception cref="InputException">There are fewer than two images.</exception>
    public (ClassificationDataset Train, ClassificationDataset HeldOut) Split(double fraction = 0.1, int seed = 0)
    {
        int count = HoldOut.Count(Name, Samples.Count, fraction);
        int[] shuffled = [.. Enumerable.Range(0, Samples.Count)];
        new Random(seed).Shuffle(shuffled);
        // Taken at even distances where images of a class stand together, every class gives its part.
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
