namespace Vision.Data;

/// <summary>One split of a data set of images with annotated objects.</summary>
public sealed class DetectionDataset : IDataset
{
    /// <summary>Its name in messages, such as <c>bccd/train</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The classes. A model's label for a class is its index here plus one.</summary>
    public required IReadOnlyList<Category> Categories { get; init; }

    /// <summary>The images with their objects, in a stable order.</summary>
    public required IReadOnlyList<Targets> Samples { get; init; }

    /// <inheritdoc/>
    public int Count => Samples.Count;

    /// <summary>Problems found while reading; what they concern was left out or corrected.</summary>
    public DatasetReport Report { get; init; } = new();

    /// <summary>Holds out some images for validation, always the same ones for the same seed. Both parts keep the order of the images and
    /// share the report.</summary>
    /// <param name="fraction">The fraction to hold out, above 0 and below 1. A tenth is common for a folder without a validation split.
    /// Each part gets at least one image.</param>
    /// <param name="seed">A different seed holds out different images.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    /// <exception cref="InputException">There are fewer than two images.</exception>
    public (DetectionDataset Train, DetectionDataset HeldOut) Split(double fraction = 0.1, int seed = 0)
    {
        HashSet<int> held = HoldOut.Draw(Name, Samples.Count, fraction, seed);
        return (Part("train", index => !held.Contains(index)), Part("held out", held.Contains));

        DetectionDataset Part(string name, Func<int, bool> belongs) => new()
        {
            Name = $"{Name} ({name})",
            Categories = Categories,
            Samples = [.. Samples.Where((_, index) => belongs(index))],
            Report = Report,
        };
    }
}
