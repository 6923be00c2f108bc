using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// Places anchors on the levels of a pyramid (Ren et al. 2015, arXiv:1506.01497; one size per level, Lin et al. 2017, arXiv:1612.03144):
/// at each location of a level, one box for each aspect ratio, centered on the location's upper left pixel.
/// </summary>
public sealed class AnchorGenerator : IDisposable
{
    private readonly float[][] sizes;
    private readonly float[] aspectRatios;
    private readonly GridCache cache = new();

    /// <summary>Anchors of one size per level.</summary>
    /// <param name="sizes">For each level, finest first, the square root of an anchor's area in pixels.</param>
    /// <param name="aspectRatios">Height over width.</param>
    public AnchorGenerator(IReadOnlyList<float> sizes, IReadOnlyList<float> aspectRatios)
        : this([.. sizes.Select(size => (float[])[size])], aspectRatios) { }

    /// <summary>Anchors of several sizes per level, the same number on each.</summary>
    /// <param name="sizes">For each level, finest first, the square roots of the anchors'
    /// areas in pixels; each is combined with every ratio.</param>
    /// <param name="aspectRatios">Height over width.</param>
    public AnchorGenerator(IReadOnlyList<IReadOnlyList<float>> sizes, IReadOnlyList<float> aspectRatios)
    {
        this.sizes = [.. sizes.Select(level => (float[])[.. level])];
        this.aspectRatios = [.. aspectRatios];
    }

    /// <summary>The FPN paper's anchors: 32² to 512² pixels on P2..P6, each with the ratios 1:2, 1:1 and 2:1.</summary>
    public static AnchorGenerator ForPyramid() => new([32, 64, 128, 256, 512], [0.5f, 1, 2]);

    /// <summary>Number of anchors at each location of a level.</summary>
    public int PerLocation => aspectRatios.Length * sizes[0].Length;

    /// <summary>Half the width and height of the anchors at each location of each level.</summary>
    internal IReadOnlyList<IReadOnlyList<(float X, float Y)>> HalvesPerLevel => [.. sizes.Select(Halves)];

    /// <summary>The anchors of the given levels, owned by the caller's dispose scope.</summary>
    /// <param name="pyramid">[N, C, Hᵢ, Wᵢ], finest first; only the shapes matter.</param>
    /// <param name="image">The size of the padded image.</param>
    /// <exception cref="ArgumentException">The numbers of levels and of sizes differ.</exception>
    public Anchors For(IReadOnlyList<Tensor> pyramid, ImageSize image)
    {
        if (pyramid.Count != sizes.Length)
            throw new ArgumentException($"There are {pyramid.Count} levels; expected {sizes.Length}, one per size.", nameof(pyramid));
        Tensor boxes = cache.For(pyramid, image, 4, () => Boxes(pyramid, image));           // [A, 4]
        return new(boxes, [.. pyramid.Select(level => level.shape[2] * level.shape[3] * PerLocation)]);
    }

    /// <summary>Frees the cached anchors.</summary>
    public void Dispose() => cache.Dispose();

    private List<float> Boxes(IReadOnlyList<Tensor> pyramid, ImageSize image)
    {
        List<float> boxes = [];
        for (int i = 0; i < sizes.Length; i++)
        {
            var (height, width) = ((int)pyramid[i].shape[2], (int)pyramid[i].shape[3]);
            AddGrid(boxes, sizes[i], height, width, image.Height / height, image.Width / width);
        }
        return boxes;
    }

    private void AddGrid(List<float> boxes, float[] levelSizes, int height, int width, int strideY, int strideX)
    {
        (float X, float Y)[] halves = Halves(levelSizes);
        boxes.EnsureCapacity(boxes.Count + height * width * halves.Length * 4);
        for (int y = 0; y < height * strideY; y += strideY)
            for (int x = 0; x < width * strideX; x += strideX)
                foreach (var (halfX, halfY) in halves)
                    boxes.AddRange([x - halfX, y - halfY, x + halfX, y + halfY]);
    }

    private (float X, float Y)[] Halves(float[] levelSizes) =>
        [.. aspectRatios.SelectMany(ratio => levelSizes.Select(size => HalfSides(size, ratio)))];

    // Rounded to whole pixels, ties to even, as in torchvision: published weights were trained with such anchors.
    private static (float X, float Y) HalfSides(float size, float ratio)
    {
        float root = MathF.Sqrt(ratio);
        return (MathF.Round(1 / root * size / 2), MathF.Round(root * size / 2));
    }
}
