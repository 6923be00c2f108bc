using System.Collections.Concurrent;
using OpenCvSharp;

namespace Vision.Data;

/// <summary>Makes batches of a data set, decoding and transforming on worker threads ahead of their use.</summary>
/// <remarks>
/// Batches come in order, and depend on the options' seed, the epoch and the data set alone. An image that cannot be read is left out of its batch and named in <see cref="Report"/>,
/// once; a batch none of whose images can be read is left out whole.
/// </remarks>
public sealed class DetectionLoader
{
    private readonly LoaderOptions options;
    private readonly ConcurrentDictionary<string, bool> reported = new();

    /// <summary>Makes it; no thread starts before an epoch does.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The batch size, the number of workers or of batches ahead is below 1.</exception>
    public DetectionLoader(DetectionDataset dataset, LoaderOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Workers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Prefetch, 1);
        Dataset = dataset;
        this.options = options;
    }

    /// <summary>What is loaded.</summary>
    public DetectionDataset Dataset { get; }

    /// <summary>Batches in an epoch.</summary>
    public int BatchCount => (Dataset.Samples.Count + options.BatchSize - 1) / options.BatchSize;

    /// <summary>The images that could not be read when their turn came.</summary>
    public DatasetReport Report { get; } = new();

    /// <summary>The batches of an epoch. The caller disposes each; leaving the loop early stops the workers and frees what they had ready.</summary>
    /// <param name="epoch">Its number: each has its own order and its own random changes.</param>
    /// <param name="skipBatches">Batches to leave out at the beginning, without reading them: a resumed epoch goes on with <see cref="DetectionBatch.Index"/> + 1 of its last batch.</param>
    /// <param name="cancellation">Ends the waiting for a batch.</param>
    /// <exception cref="InputException">No image of the epoch could be read.</exception>
    public IEnumerable<DetectionBatch> Epoch(int epoch, int skipBatches = 0, CancellationToken cancellation = default)
    {
        int[][] plan = Plan(epoch);
        if (skipBatches >= plan.Length) yield break;

        Queue<Task<SampleWorkers.Sample?>[]> ahead = new();
        SampleWorkers workers = new(Math.Min(options.Workers, options.Prefetch * options.BatchSize), index => Load(index, epoch));
        try
        {
            int asked = skipBatches, given = 0;
            Ask(skipBatches + options.Prefetch);
            for (int index = skipBatches; index < plan.Length; index++)
            {
                SampleWorkers.Sample?[] samples = Task.WhenAll(ahead.Peek()).WaitAsync(cancellation).GetAwaiter().GetResult();
                ahead.Dequeue();
                // The workers stay busy while this batch is in use.
                Ask(index + 1 + options.Prefetch);
                if (Batch(samples, index) is not { } batch) continue;
                given++;
                yield return batch;
            }
            if (given == 0) throw new InputException($"{Dataset.Name}: none of its images could be read; the first: {Report.Problems[0]}");

            void Ask(int end)
            {
                for (; asked < Math.Min(end, plan.Length); asked++) ahead.Enqueue([.. plan[asked].Select(workers.Load)]);
            }
        }
        finally
        {
            workers.Dispose();
            foreach (Task<SampleWorkers.Sample?> task in ahead.SelectMany(batch => batch))
            {
                if (task.IsCompletedSuccessfully) task.Result?.Pixels.Dispose();
            }
        }
    }

    private int[][] Plan(int epoch)
    {
        int[] order = [.. Enumerable.Range(0, Dataset.Samples.Count)];
        if (options.Shuffle) new Random(Seeds.Mix(options.Seed, epoch)).Shuffle(order);
        return [.. order.Chunk(options.BatchSize)];
    }

    private static DetectionBatch? Batch(SampleWorkers.Sample?[] samples, int index)
    {
        SampleWorkers.Sample[] read = [.. samples.OfType<SampleWorkers.Sample>()];
        return read.Length == 0 ? null : new()
        {
            Index = index,
            Images = [.. read.Select(sample => sample.Pixels)],
            Targets = [.. read.Select(sample => sample.Targets)],
        };
    }

    // On a worker thread, which has no dispose scope: nobody but the batch owns the tensor.
    private SampleWorkers.Sample? Load(int index, int epoch)
    {
        Targets targets = Dataset.Samples[index];
        try
        {
            Mat image = ImageFile.Read(targets.File);
            try
            {
                if (image.Width != targets.Width || image.Height != targets.Height)
                    throw new InputException($"{targets.File}: the image is {image.Width}×{image.Height}, but was {targets.Width}×{targets.Height} when the data set was read; put it back or annotate it again.");
                if (options.Transform is not null) (image, targets) = options.Transform.Apply(image, targets, new Random(Seeds.Mix(options.Seed, epoch, index)));
                return new(ImageTensor.From(image), targets);
            }
            finally
            {
                image.Dispose();
            }
        }
        catch (InputException exception)
        {
            if (reported.TryAdd(targets.File, true)) Report.Add(DatasetProblem.Unreadable(targets.File, exception));
            return null;
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{targets.File}: loading this image failed: {exception.Message}", exception);
        }
    }
}
