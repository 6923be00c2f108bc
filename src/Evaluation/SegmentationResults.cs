using Vision.Data;

namespace Vision.Evaluation;

/// <summary>Compares predicted class maps with the ground truth, image by image; it keeps counts, not maps.</summary>
public sealed class SegmentationResults
{
    private readonly IReadOnlyList<Category> categories;
    private readonly double boundaryTolerance;
    private readonly long[,] confusion;
    private readonly double[] boundarySums;
    private readonly long[] boundaryImages;
    private readonly List<string> images = [];
    private readonly List<long[]> intersections = [], unions = [];

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
        (boundarySums, boundaryImages) = (new double[categories.Count], new long[categories.Count]);
    }

    /// <summary>Adds an image.</summary>
    /// <param name="predicted">The prediction, with a class for every pixel that has one in the ground truth.</param>
    /// <param name="truth">The ground truth. Pixels of <see cref="SegmentationMap.Ignore"/> are not counted,
    /// whatever was predicted there.</param>
    /// <param name="name">The image's name, to keep what it contributes; null for none.</param>
    /// <exception cref="ArgumentException">The sizes differ,
    /// or a counted pixel has an unknown class in one of the maps. Then nothing is added.</exception>
    public void Add(SegmentationMap predicted, SegmentationMap truth, string? name = null)
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
        if (name is not null)
        {
            images.Add(name);
            intersections.Add(hits);
            unions.Add(either);
        }

        double diagonal = Math.Sqrt((double)truth.Width * truth.Width + (double)truth.Height * truth.Height);
        double[] scores = BoundaryScore.Of(predicted, truth, categories.Count, boundaryTolerance * diagonal);
        for (int label = 0; label < scores.Length; label++)
        {
            if (scores[label] < 0) continue;
            boundarySums[label] += scores[label];
            boundaryImages[label]++;
        }
    }

    /// <summary>The metrics of the images added so far.</summary>
    /// <param name="notes">Remarks for readers of the metrics.</param>
    public SegmentationMetrics Metrics(IReadOnlyList<string> notes) => new()
    {
        Categories = categories,
        Confusion = (long[,])confusion.Clone(),
        BoundaryFPerClass = [.. boundarySums.Zip(boundaryImages, (sum, images) => images > 0 ? sum / images : -1)],
        Notes = notes,
        Images = images.Count > 0 ? new() { Images = [.. images], Intersections = [.. intersections], Unions = [.. unions] } : null,
    };

    private void Require(byte label, int pixel, int width, string map, string parameter)
    {
        if (label >= categories.Count)
            throw new ArgumentException(
                $"The {map} has class {label} at ({pixel % width}, {pixel / width}); expected 0 to {categories.Count - 1}, or " +
                $"{SegmentationMap.Ignore} in the truth for none.", parameter);
    }
}
