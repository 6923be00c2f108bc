using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>SSD's default boxes (Liu et al. 2016, arXiv:1512.02325): at each location of a level, squares of two sizes
/// and boxes of other aspect ratios, as fractions of the image.</summary>
internal sealed class DefaultBoxes : IDisposable
{
    private readonly (float Width, float Height)[][] shapes;
    private readonly float[]? steps;
    private readonly GridCache cache = new();

    /// <summary>Boxes of the given scales.</summary>
    /// <param name="aspectRatios">For each level the ratios other than 1; each adds a landscape and a portrait box.</param>
    /// <param name="scales">Side of each level's square as a fraction of the image's, plus one more value: the size of a
    /// level's second square is between its own scale and the next.</param>
    /// <param name="steps">Pixels between boxes of each level; null to spread them evenly over the image.</param>
    public DefaultBoxes(IReadOnlyList<IReadOnlyList<double>> aspectRatios, IReadOnlyList<double> scales, IReadOnlyList<float>? steps)
    {
        shapes = [.. aspectRatios.Select((ratios, level) => Shapes(ratios, scales[level], scales[level + 1]))];
        this.steps = steps is null ? null : [.. steps];
    }

    /// <summary>SSD300's boxes: scales of 0.07 to 1.05.</summary>
    /// <param name="steps">The published steps, or null.</param>
    public static DefaultBoxes ForSsd(IReadOnlyList<float>? steps) =>
        new([[2], [2, 3], [2, 3], [2, 3], [2], [2]], [0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05], steps);

    /// <summary>SSDlite's boxes: scales evenly spaced from 0.2 to 0.95.</summary>
    public static DefaultBoxes ForSsdLite() =>
        new([.. Enumerable.Repeat((double[])[2, 3], 6)], [.. Enumerable.Range(0, 6).Select(i => 0.2 + (0.95 - 0.2) * i / 5), 1], null);

    /// <summary>The number of boxes at each location of each level.</summary>
    public IReadOnlyList<int> PerLocation => [.. shapes.Select(level => level.Length)];

    /// <summary>The boxes of the given levels, [A, 4] xyxy in pixels, owned by the caller's dispose scope.</summary>
    /// <param name="levels">[N, C, Hᵢ, Wᵢ], finest first; only the shapes matter.</param>
    /// <param name="image">The image's size.</param>
    public Tensor For(IReadOnlyList<Tensor> levels, ImageSize image) => cache.For(levels, image, 4, () =>
    {
        List<float> boxes = [];
        for (int i = 0; i < shapes.Length; i++) AddLevel(boxes, i, (int)levels[i].shape[2], (int)levels[i].shape[3], image);
        return boxes;
    });

    /// <summary>Frees the cached boxes.</summary>
    public void Dispose() => cache.Dispose();

    private void AddLevel(List<float> boxes, int level, int height, int width, ImageSize image)
    {
        float columns = steps is null ? width : image.Width / steps[level], rows = steps is null ? height : image.Height / steps[level];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                foreach (var (boxWidth, boxHeight) in shapes[level])
                {
                    float centerX = (x + 0.5f) / columns, centerY = (y + 0.5f) / rows;
                    boxes.AddRange([
                        (centerX - 0.5f * boxWidth) * image.Width, (centerY - 0.5f * boxHeight) * image.Height,
                        (centerX + 0.5f * boxWidth) * image.Width, (centerY + 0.5f * boxHeight) * image.Height]);
                }
    }

    private static (float Width, float Height)[] Shapes(IReadOnlyList<double> ratios, double scale, double next)
    {
        double between = Math.Sqrt(scale * next);
        IEnumerable<(double Width, double Height)> all =
        [
            (scale, scale), (between, between),
            .. ratios.SelectMany(ratio => ((double, double)[])
                [(scale * Math.Sqrt(ratio), scale / Math.Sqrt(ratio)), (scale / Math.Sqrt(ratio), scale * Math.Sqrt(ratio))]),
        ];
        return [.. all.Select(shape => (Math.Min((float)shape.Width, 1), Math.Min((float)shape.Height, 1)))];
    }
}
