namespace Vision.Data;

/// <summary>Images with the class of each of their pixels, of one split.</summary>
public sealed class SegmentationDataset : IDataset
{
    /// <summary>What messages call it, such as <c>camvid/train</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The classes. A pixel's class is its place here, from 0; <see cref="SegmentationMap.Ignore"/> is none of them.</summary>
    public required IReadOnlyList<Category> Categories { get; init; }

    /// <summary>The images with their masks, in a stable order.</summary>
    public required IReadOnlyList<SegmentationSample> Samples { get; init; }

    /// <summary>The colors of the classes, as the data set draws them; null where it says none.</summary>
    public IReadOnlyList<(byte Red, byte Green, byte Blue)>? Colors { get; init; }

    /// <inheritdoc/>
    public int Count => Samples.Count;

    /// <summary>What was wrong while reading, and left out.</summary>
    public DatasetReport Report { get; init; } = new();

    /// <summary>Holds some images out for validation, the same ones each time. Both parts keep
    /// the order of the images and share the report.</summary>
    /// <param name="fraction">The part to hold out, above 0 and below 1; at least one image goes to each side. Frames of one
    /// video look alike: give such data a validation split of its own.</param>
    /// <param name="seed">Another seed holds out other images.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    /// <exception cref="InputException">There are fewer than two images.</exception>
    public (SegmentationDataset Train, SegmentationDataset HeldOut) Split(double fraction = 0.1, int seed = 0)
    {
        HashSet<int> held = HoldOut.Draw(Name, Samples.Count, fraction, seed);
        return (Part("train", index => !held.Contains(index)), Part("held out", held.Contains));

        SegmentationDataset Part(string name, Func<int, bool> belongs) => new()
        {
            Name = $"{Name} ({name})",
            Categories = Categories,
            Samples = [.. Samples.Where((_, index) => belongs(index))],
            Colors = Colors,
            Report = Report,
        };
    }
}
