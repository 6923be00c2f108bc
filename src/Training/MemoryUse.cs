namespace Vision.Training;

/// <summary>The measured memory of a process that trains, in bytes, from which that with any number of images follows.</summary>
internal sealed record MemoryUse
{
    /// <summary>The number of images of the larger of two measured batches.</summary>
    public required int Images { get; init; }

    /// <summary>The peak in steps with this batch.</summary>
    public required long Training { get; init; }

    /// <summary>The growth of the peak with each image.</summary>
    public required double PerImage { get; init; }

    /// <summary>The peak in an evaluation.</summary>
    public required long Evaluation { get; init; }

    /// <summary>What is kept throughout and was not there when it was measured: the optimizer's momenta, averages of weights.</summary>
    public required long Kept { get; init; }

    /// <summary>The loaded images that wait, for a batch size.</summary>
    public required Func<int, long> BytesAhead { get; init; }

    /// <summary>The peak of a run with batches of so many images.</summary>
    public long At(int batchSize) =>
        Kept + Math.Max(Evaluation, Training + (long)(PerImage * (batchSize - Images)) + BytesAhead(batchSize));

    /// <summary>The largest batch whose peak is not above a limit; 0 if a single image is too large.</summary>
    public int LargestBatch(long limit)
    {
        const int most = 1 << 20;
        int fits = 0, tooLarge = most;
        if (At(most) <= limit) return most;
        while (tooLarge - fits > 1)
        {
            int middle = fits + (tooLarge - fits) / 2;
            if (At(middle) <= limit) fits = middle;
            else tooLarge = middle;
        }
        return fits;
    }
}
