namespace Vision.Data;

/// <summary>How a loader makes batches.</summary>
public sealed record LoaderOptions
{
    /// <summary>Images in a batch; the last batch of an epoch may have fewer.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Whether each epoch has its own order; evaluation wants the data set's.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Decides the orders and every random change of images: the same seed gives the
    /// same batches, whatever the number of workers.</summary>
    public int Seed { get; init; }

    /// <summary>What is done to each image and its ground truth; nothing by default. Classification needs images of one size.</summary>
    public IImageTransform? Transform { get; init; }

    /// <summary>
    /// Shows images of rare classes more often: those with classes that are in a smaller part of the images than this
    /// (<see cref="RepeatFactors"/>). Null for each image once; LVIS takes 0.001, and small data sets want about a tenth.
    /// </summary>
    public double? RepeatThreshold { get; init; }

    /// <summary>Threads that decode and transform. All cores by default: in training they are
    /// mostly idle, and the first batch comes sooner.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Batches kept ready ahead of the one in use. Four ride out a few slow images, and bound the memory.</summary>
    public int Prefetch { get; init; } = 4;
}
