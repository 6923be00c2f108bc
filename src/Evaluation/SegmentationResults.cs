using Vision.Data;

namespace Vision.Evaluation;

/// <summary>Compares predicted class maps with the ground truth, image by image; it keeps counts and scores, not maps.</summary>
public sealed class SegmentationResults
{
    private readonly IReadOnlyList<Category> categories;
    private readonly double boundaryTolerance;
    private readonly long[,] confusion;
    // By index, since sums of fractions depend on their order: results are then the same from one process and from several.
    private readonly SortedDictionary<int, (string? Name, long[] Hits, long[] Unions, double[] Boundary)> images = [];

    /// <summary>Starts with no images.</summary>
    /// <param name="categories">The classes, in the order of the maps' values: at most 255.</param>
    /// <param name="boundaryTolerance">How far apart borders may be, as a fraction of the image's diagonal: by default 0.0075 as in Csurka
    /// et al. (4.5 pixels at 480×360). Below one pixel they must coincide.</param>
    /// <exception cref="ArgumentException">There are too many classes, or the tolerance is negative.</exception>
    public SegmentationResults(IReadOnlyList<Category> categories, double boundaryTolerance = 0.0075)
    {
        if (categories.Count > SegmentationMap.Ignore)
            throw new ArgumentException($"There are {categories.Count} classes; expected at most {SegmentationMap.Ignore}.",
                nameof(categories));
        if (!(boundaryTolerance >= 0))
            throw new ArgumentException($"The boundary tolerance is {boundaryTolerance}; expected 0 or more of the diagonal.",
                nameof(boundaryTolerance));
        (this.categories, this.boundaryTolerance) = (categories, boundaryTolerance);
        confusion = new long[categories.Count, categories.Count];
    }

    /// <summary>Adds an image.</summary>
    /// <param name="predicted">The prediction, with a class for every pixel that has one in the ground truth.</param>
    /// <param name="truth">The ground truth. Pixels of <see cref="SegmentationMap.Ignore"/> are not counted,
    /// whatever was predicted there.</param>
    /// <param name="name">The image's name, to keep what it contributes; null for none.</param>
    /// <exception cref="ArgumentException">The sizes differ,
    /// or a counted pixel has an unknown class in one of the maps. Then nothing is added.</exception>
    public void Add(SegmentationMap predicted, SegmentationMap truth, string? name = null) =>
        Add(predicted, truth, name, images.Count);

    /// <summary>The same for the image at an index of the data set, each once.</summary>
    internal void Add(SegmentationMap predicted, SegmentationMap truth, string? name, int index)
    {
        if (predicted.Width != truth.Width || predicted.Height != truth.Height)
            throw new ArgumentException(
                $"The prediction is {predicted.Width}×{predicted.Height} pixels and the truth {truth.Width}×{truth.Height}; expected the " +
                "prediction resized to the truth.", nameof(predicted));
        byte[] guesses = predicted.Classes, labels = truth.Classes;
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == SegmentationMap.Ignore) continue;
            Require(labels[i], i, truth.Width, "truth", nameof(truth));
            Require(guesses[i], i, truth.Width, "prediction", nameof(predicted));
        }
        long[] hits = new long[categories.Count], either = new long[categories.Count];
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == SegmentationMap.Ignore) continue;
            confusion[labels[i], guesses[i]]++;
            either[labels[i]]++;
            if (labels[i] == guesses[i]) hits[labels[i]]++;
            else either[guesses[i]]++;
        }
        double diagonal = Math.Sqrt((double)truth.Width * truth.Width + (double)truth.Height * truth.Height);
        images.Add(index, (name, hits, either, BoundaryScore.Of(predicted, truth, categories.Count, boundaryTolerance * diagonal)));
    }

    /// <summary>Writes the counts and scores, for the process that evaluates those of several.</summary>
    internal void Write(BinaryWriter writer)
    {
        StoredCounts.Write(writer, confusion);
        writer.Write(images.Count);
        foreach (var (index, image) in images)
        {
            writer.Write(index);
            writer.Write(image.Name is not null);
            writer.Write(image.Name ?? "");
            foreach (long count in image.Hits) writer.Write(count);
            foreach (long count in image.Unions) writer.Write(count);
            foreach (double score in image.Boundary) writer.Write(score);
        }
    }

    /// <summary>Adds what another process wrote.</summary>
    internal void Read(BinaryReader reader)
    {
        StoredCounts.Add(reader, confusion);
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            int index = reader.ReadInt32();
            bool isNamed = reader.ReadBoolean();
            string name = reader.ReadString();
            images.Add(index, (isNamed ? name : null, [.. categories.Select(_ => reader.ReadInt64())],
                [.. categories.Select(_ => reader.ReadInt64())], [.. categories.Select(_ => reader.ReadDouble())]));
        }
    }

    /// <summary>The metrics of the images added so far.</summary>
    /// <param name="notes">Remarks for readers of the metrics.</param>
    public SegmentationMetrics Metrics(IReadOnlyList<string> notes) => new()
    {
        Categories = categories,
        Confusion = (long[,])confusion.Clone(),
        BoundaryFPerClass = [.. Enumerable.Range(0, categories.Count).Select(BoundaryF)],
        Notes = notes,
        Images = Contributions(),
    };

    /// <summary>What each image contributes; null if they were added without names.</summary>
    private SegmentationImageResults? Contributions()
    {
        var named = images.Values.Where(image => image.Name is not null).ToArray();
        return named.Length == 0 ? null : new()
        {
            Images = [.. named.Select(image => image.Name!)],
            Intersections = [.. named.Select(image => image.Hits)],
            Unions = [.. named.Select(image => image.Unions)],
        };
    }

    private double BoundaryF(int label)
    {
        double sum = 0;
        long count = 0;
        foreach (double[] scores in images.Values.Select(image => image.Boundary))
        {
            if (scores[label] < 0) continue;
            sum += scores[label];
            count++;
        }
        return count > 0 ? sum / count : -1;
    }

    private void Require(byte label, int pixel, int width, string map, string parameter)
    {
        if (label >= categories.Count)
            throw new ArgumentException(
                $"The {map} has class {label} at ({pixel % width}, {pixel / width}); expected 0 to {categories.Count - 1}, or " +
                $"{SegmentationMap.Ignore} in the truth for none.", parameter);
    }
}
