namespace Vision.Data;

/// <summary>Images with annotated objects, of one split.</summary>
public sealed class DetectionDataset : IDataset
{
    /// <summary>What messages call it, such as <c>bccd/train</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The classes. A model's label of a class is its place here plus one.</summary>
    public required IReadOnlyList<Category> Categories { get; init; }

    /// <summary>The images with their objects, in a stable order.</summary>
    public required IReadOnlyList<Targets> Samples { get; init; }

    /// <inheritdoc/>
    public int Count => Samples.Count;

    /// <summary>What was wrong while reading, and left out or put right.</summary>
    public DatasetReport Report { get; init; } = new();

    /// <summary>Holds some images out for validation, the same ones each time. Both parts keep
    /// the order of the images and share the report.</summary>
    /// <param name="fraction">The part to hold out, above 0 and below 1. A tenth is usual where a folder has no
    /// validation split; at least one image goes to each side.</param>
    /// <param name="seed">Another seed holds out other images.</param>
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
