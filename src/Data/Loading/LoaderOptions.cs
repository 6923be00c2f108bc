namespace Vision.Data;

/// <summary>How a loader makes batches.</summary>
public sealed record LoaderOptions
{
    /// <summary>Images in a batch; the last batch of an epoch may have fewer.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Whether each epoch has its own random order; evaluation needs the data set's order.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Determines the orders and all random changes of images:
    /// the same seed yields the same batches, whatever the number of workers.</summary>
    public int Seed { get; init; }

    /// <summary>The transform of each image and its ground truth; none by default. Classification needs images of equal size.</summary>
    public IImageTransform? Transform { get; init; }

    /// <summary>
    /// Shows images of rare classes more often: those with classes that occur in less than this fraction of the images
    /// (<see cref="RepeatFactors"/>). Null to show each image once; LVIS uses 0.001, and small data sets need about 0.1.
    /// </summary>
    public double? RepeatThreshold { get; init; }

    /// <summary>Threads that decode and transform images. All cores by default: during training the threads are mostly idle, and the first
    /// batch is ready sooner.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Batches to prepare ahead of the one in use. Four bridge a few slow images and keep memory bounded.</summary>
    public int Prefetch { get; init; } = 4;

    /// <summary>The part that this process loads, if several train together; null for everything.</summary>
    public LoaderPart? Part { get; init; }
}
