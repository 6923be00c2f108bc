namespace Vision.Training;

/// <summary>A task whose memory can be measured before it is trained.</summary>
/// <typeparam name="TBatch">A batch of the task.</typeparam>
internal interface IProbedTask<TBatch> : ITrainingTask<TBatch> where TBatch : IDisposable
{
    /// <summary>The number of images, 1 or 2, from which on an image takes the same memory as in any larger batch: 2 if the images of a
    /// batch are padded to the sizes of each other.</summary>
    int LeastImages { get; }

    /// <summary>The size of the largest images that the network can get in training, in pixels.</summary>
    (int Width, int Height) LargestSize { get; }

    /// <summary>A batch of noise, at the largest sizes and with as many objects as the pipeline can produce.</summary>
    TBatch Example(int images);

    /// <summary>A seed with which a batch is as large as it can be, where the network draws sizes at random.</summary>
    /// <param name="images">The number of its images.</param>
    long LargestSeed(int images);

    /// <summary>The bytes of loaded images that wait for their turn, and of those being decoded.</summary>
    /// <param name="batchSize">Images per batch.</param>
    long BytesAhead(int batchSize);

    /// <summary>Evaluates the model on the largest validation images, as many as are computed at once.</summary>
    void EvaluateLargest(CancellationToken cancellation);
}
