namespace Vision.Training;

/// <summary>
/// What training will need at most of the computer's memory, known before it starts: computed from passes over a few images of the largest
/// size that the data and the options can produce. All figures are in bytes, of the whole process.
/// </summary>
public sealed class MemoryCertificate
{
    // The last tenth is for what varies: other programs, caches, fragments between blocks.
    private const double Part = 0.9;

    internal MemoryCertificate(MemoryUse use, int batchSize, long limit, (int Width, int Height) size)
    {
        BatchSize = batchSize;
        Limit = limit;
        Needed = use.At(batchSize);
        LargestBatch = use.LargestBatch((long)(Part * limit));
        ImageSize = size;
    }

    /// <summary>The peak of the run.</summary>
    public long Needed { get; }

    /// <summary>The memory that the process can have: the machine's that is free, or the container's.</summary>
    public long Limit { get; }

    /// <summary>The images per batch that <see cref="Needed"/> is for.</summary>
    public int BatchSize { get; }

    /// <summary>The most images per batch that fit, with a tenth of the limit to spare; 0 if a single one is too large.</summary>
    public int LargestBatch { get; }

    /// <summary>The largest images that the network gets, in pixels.</summary>
    public (int Width, int Height) ImageSize { get; }

    /// <summary>Whether the run fits.</summary>
    public bool Fits => Needed <= Limit;
}
