using Vision.Data;

namespace Vision.Evaluation;

/// <summary>Compares predicted class maps with the ground truth, image by image; it keeps counts and scores, not maps.</summary>
public sealed class SegmentationResults
{
    private readonly IReadOnlyList<Category> categories;
    private readonly double boundaryTolerance;
    private readonly long[,] confusion;
    // By image, since sums of fractions depend on their order: results are then the same from one process and from several.
    private readonly SortedDictionary<int, double[]> boundaryScores = [];

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
    /// <exception cref="ArgumentException">The sizes differ,
    /// or a counted pixel has an unknown class in one of the maps. Then nothing is added.</exception>
    public void Add(SegmentationMap predicted, SegmentationMap truth) => Add(predicted, truth, boundaryScores.Count);

    /// <summary>The same for the image at an index of the data set, each once.</summary>
    internal void Add(SegmentationMap predicted, SegmentationMap truth, int index)
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
        for (int i = 0; i < labels.Length; i++)
            if (labels[i] != SegmentationMap.Ignore) confusion[labels[i], guesses[i]]++;

        double diagonal = Math.Sqrt((double)truth.Width * truth.Width + (double)truth.Height * truth.Height);
        boundaryScores.Add(index, BoundaryScore.Of(predicted, truth, categories.Count, boundaryTolerance * diagonal));
    }

    /// <summary>Writes the counts and scores, for the process that evaluates those of several.</summary>
    internal void Write(BinaryWriter writer)
    {
        StoredCounts.Write(writer, confusion);
        writer.Write(boundaryScores.Count);
        foreach (var (index, scores) in boundaryScores)
        {
            writer.Write(index);
            foreach (double score in scores) writer.Write(score);
        }
    }

    /// <summary>Adds what another process wrote.</summary>
    internal void Add(BinaryReader reader)
    {
        StoredCounts.Add(reader, confusion);
        for (int left = reader.ReadInt32(); left > 0; left--)
            boundaryScores.Add(reader.ReadInt32(), [.. categories.Select(_ => reader.ReadDouble())]);
    }

    /// <summary>The metrics of the images added so far.</summary>
    /// <param name="notes">Remarks for readers of the metrics.</param>
    public SegmentationMetrics Metrics(IReadOnlyList<string> notes) => new()
    {
        Categories = categories,
        Confusion = (long[,])confusion.Clone(),
        BoundaryFPerClass = [.. Enumerable.Range(0, categories.Count).Select(BoundaryF)],
        Notes = notes,
    };

    private double BoundaryF(int label)
    {
        double sum = 0;
        long images = 0;
        foreach (double[] scores in boundaryScores.Values)
        {
            if (scores[label] < 0) continue;
            sum += scores[label];
            images++;
        }
        return images > 0 ? sum / images : -1;
    }

    private void Require(byte label, int pixel, int width, string map, string parameter)
    {
        if (label >= categories.Count)
            throw new ArgumentException(
                $"The {map} has class {label} at ({pixel % width}, {pixel / width}); expected 0 to {categories.Count - 1}, or " +
                $"{SegmentationMap.Ignore} in the truth for none.", parameter);
    }
}
