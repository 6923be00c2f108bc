namespace Vision.Data;

/// <summary>One split of a data set of images with the class of each pixel.</summary>
public sealed class SegmentationDataset : IDataset
{
    /// <summary>Its name in messages, such as <c>camvid/train</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The classes. A pixel's value is the index of its class here, starting at 0,
    /// or <see cref="SegmentationMap.Ignore"/> for no class.</summary>
    public required IReadOnlyList<Category> Categories { get; init; }

    /// <summary>The images with their masks, in a stable order.</summary>
    public required IReadOnlyList<SegmentationSample> Samples { get; init; }

    /// <summary>The colors of the classes, as the data set draws them; null if it defines none.</summary>
    public IReadOnlyList<(byte Red, byte Green, byte Blue)>? Colors { get; init; }

    /// <inheritdoc/>
    public int Count => Samples.Count;

    /// <summary>Problems found while reading; what they concern was left out.</summary>
    public DatasetReport Report { get; init; } = new();

    /// <summary>Holds out some images for validation, always the same ones for the same seed. Both parts keep the order of the images and
    /// share the report.</summary>
    /// <param name="fraction">The fraction to hold out, above 0 and below 1; each part gets at least one image. Frames of one video look
    /// alike: give such data its own validation split.</param>
    /// <param name="seed">A different seed holds out different images.</param>
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
