using Vision.Data;

namespace Vision.Detection;

/// <summary>How well a model's anchors cover the objects of one class, before any training.</summary>
/// <param name="Category">The class.</param>
/// <param name="Objects">Number of its objects, without crowds.</param>
/// <param name="Recall">The fraction of objects that some anchor overlaps by at least <see cref="Overlap"/>;
/// each of the others only trains its best anchor.</param>
/// <param name="MeanOverlap">The mean over objects of the best anchor's intersection over union.</param>
public sealed record AnchorFit(Category Category, int Objects, double Recall, double MeanOverlap)
{
    /// <summary>The minimum intersection over union at which an anchor covers an object.</summary>
    public const double Overlap = 0.5;

    private const double GoodRecall = 0.8;
    private const int FewObjects = 5;

    /// <summary>Whether so many objects are missed that another image size or other anchors would help.</summary>
    public bool IsPoor => Recall < GoodRecall && Objects >= FewObjects;

    /// <summary>Measures each class that has objects.</summary>
    /// <param name="samples">Images with their objects.</param>
    /// <param name="categories">The classes.</param>
    /// <param name="levels">The model's anchors.</param>
    /// <param name="options">Determines how images are resized before anchors are placed.</param>
    public static IReadOnlyList<AnchorFit> Of(IEnumerable<Targets> samples, IReadOnlyList<Category> categories,
        IReadOnlyList<AnchorLevel> levels, DetectorOptions options)
    {
        DetectorInput input = new(options);
        var found = new List<double>[categories.Count];
        for (int i = 0; i < found.Length; i++) found[i] = [];
        foreach (Targets sample in samples)
        {
            ImageSize size = input.ResizedSize(new(sample.Height, sample.Width), options.MinSize, options.MaxSize);
            double x = (double)size.Width / sample.Width, y = (double)size.Height / sample.Height;
            foreach (Annotation item in sample.Objects.Where(item => !item.IsCrowd && item.Label <= found.Length))
                found[item.Label - 1].Add(Best(AffineMap.Scale(x, y).Of(item.Box), size, levels));
        }
        return [.. found.Select((overlaps, i) => (overlaps, i)).Where(entry => entry.overlaps.Count > 0)
            .Select(entry => new AnchorFit(categories[entry.i], entry.overlaps.Count,
                (double)entry.overlaps.Count(value => value >= Overlap) / entry.overlaps.Count, entry.overlaps.Average()))];
    }

    // Among anchors of one shape, the one with the nearest center overlaps most, along either axis.
    private static double Best(Box box, ImageSize image, IReadOnlyList<AnchorLevel> levels)
    {
        double best = 0;
        foreach (AnchorLevel level in levels)
        {
            double x = Nearest((box.X1 + box.X2) / 2, image.Width, level.Stride),
                y = Nearest((box.Y1 + box.Y2) / 2, image.Height, level.Stride);
            foreach (var (width, height) in level.Shapes)
            {
                double across = Math.Min(box.X2, x + width / 2) - Math.Max(box.X1, x - width / 2),
                    down = Math.Min(box.Y2, y + height / 2) - Math.Max(box.Y1, y - height / 2);
                double common = Math.Max(0, across) * Math.Max(0, down);
                best = Math.Max(best, common / (box.Area + width * height - common));
            }
        }
        return best;
    }

    private static double Nearest(double center, int side, int stride) =>
        stride * Math.Clamp(Math.Round(center / stride), 0, (side + stride - 1) / stride - 1);
}
