namespace Vision.Training;

/// <summary>How large the images are that a loader produces, and how many of them it holds.</summary>
internal sealed class LoadedImages
{
    // Decoding holds the pixels of the file, 8-bit RGB, and those of the transformed image.
    private const int BytesPerDecodedPixel = 2 * 3;

    private readonly long[] areas;               // from the largest on
    private readonly bool all;

    private LoadedImages(IEnumerable<(int Width, int Height)> sizes, bool all)
    {
        Sizes = [.. sizes.Distinct()];
        areas = [.. sizes.Select(size => (long)size.Width * size.Height).OrderDescending()];
        this.all = all;
    }

    /// <summary>The different sizes, in pixels.</summary>
    public IReadOnlyList<(int Width, int Height)> Sizes { get; }

    /// <summary>Bytes of a pixel: three float32, and one more if it has a class.</summary>
    public int BytesPerPixel { get; init; } = 3 * sizeof(float);

    /// <summary>The batches that are prepared ahead.</summary>
    public int Prefetch { get; init; } = new Data.LoaderOptions { BatchSize = 1 }.Prefetch;

    /// <summary>The threads that decode.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Images that keep their own sizes.</summary>
    public static LoadedImages OfSizes(IEnumerable<(int Width, int Height)> sizes) => new(sizes, all: false);

    /// <summary>Images of which each may have any of these sizes.</summary>
    public static LoadedImages Any(params IEnumerable<(int Width, int Height)> sizes) => new(sizes, all: true);

    /// <summary>The bytes of the images that wait, and of those being decoded, if the largest come together.</summary>
    public long BytesAhead(int batchSize)
    {
        long waiting = (long)Prefetch * batchSize;
        return (all ? waiting * areas[0] : areas.Take((int)Math.Min(waiting, areas.Length)).Sum()) * BytesPerPixel
            + Workers * areas[0] * BytesPerDecodedPixel;
    }
}
