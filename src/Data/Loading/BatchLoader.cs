using System.Collections.Concurrent;
using OpenCvSharp;

namespace Vision.Data;

/// <summary>Loads a data set in batches; worker threads decode and transform images ahead of their use.</summary>
/// <remarks>
/// Batches come in order and depend only on the options' seed, the epoch and the data set. An image that cannot be read is left out of its
/// batch and named once in <see cref="Report"/>; a batch without readable images is skipped.
/// </remarks>
/// <typeparam name="TDataset">The type of data set.</typeparam>
/// <typeparam name="TBatch">A batch, which owns its tensors.</typeparam>
public abstract class BatchLoader<TDataset, TBatch> where TDataset : IDataset where TBatch : class, IDisposable
{
    private readonly LoaderOptions options;
    private readonly ConcurrentDictionary<string, bool> reported = new();
    private readonly double[]? repeats;

    /// <summary>Creates the loader. Threads start with the first epoch.</summary>
    /// <param name="dataset">The data set to load.</param>
    /// <param name="options">Sizes, order and threads.</param>
    /// <param name="labels">The classes in each sample; requested on several threads at once,
    /// and only if rare ones are to be shown more often.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch size,
    /// the number of workers or the number of prefetched batches is below 1.</exception>
    private protected BatchLoader(TDataset dataset, LoaderOptions options, Func<int, IEnumerable<int>> labels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Workers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Prefetch, 1);
        Dataset = dataset;
        this.options = options;
        if (options.RepeatThreshold is { } threshold)
        {
            int[][] all = [.. Enumerable.Range(0, Dataset.Count).AsParallel().AsOrdered().Select(index => labels(index).ToArray())];
            repeats = RepeatFactors.Of(all, threshold);
        }
    }

    /// <summary>The data set to load.</summary>
    public TDataset Dataset { get; }

    /// <summary>The part that it loads; null for everything.</summary>
    public LoaderPart? Part => options.Part;

    /// <summary>Number of batches in an epoch, of which each process has a part.</summary>
    public int BatchCount =>
        ((repeats is null ? Dataset.Count : RepeatFactors.Length(repeats)) + options.BatchSize - 1) / options.BatchSize;

    /// <summary>The images that could not be read when they were loaded.</summary>
    public DatasetReport Report { get; } = new();

    /// <summary>The batches of an epoch. The caller disposes each;
    /// leaving the loop early stops the workers and frees prepared batches.</summary>
    /// <param name="epoch">The epoch's number: each epoch has its own order and its own random changes.</param>
    /// <param name="skipBatches">Number of batches to skip at the beginning without reading them, to resume an epoch after its last
    /// completed batch.</param>
    /// <param name="cancellation">Stops waiting for a batch.</param>
    /// <exception cref="InputException">No image of the epoch could be read.</exception>
    public IEnumerable<TBatch> Epoch(int epoch, int skipBatches = 0, CancellationToken cancellation = default)
    {
        int[][] plan = Plan(epoch);
        if (skipBatches >= plan.Length) yield break;

        Queue<Task<LoadedSample?>[]> ahead = new();
        SampleWorkers workers = new(Math.Min(options.Workers, options.Prefetch * options.BatchSize), job => Load(job, epoch));
        try
        {
            int asked = skipBatches, given = 0;
            Ask(skipBatches + options.Prefetch);
            for (int index = skipBatches; index < plan.Length; index++)
            {
                LoadedSample?[] samples = Task.WhenAll(ahead.Peek()).WaitAsync(cancellation).GetAwaiter().GetResult();
                ahead.Dequeue();
                // The workers stay busy while this batch is in use.
                Ask(index + 1 + options.Prefetch);
                LoadedSample[] read = [.. samples.OfType<LoadedSample>()];
                if (read.Length == 0) continue;
                given++;
                yield return Collate(read, index, new Random(Seeds.Mix(options.Seed, epoch, -1 - index)));
            }
            // Another process may have read some.
            if (given == 0 && options.Part is null)
                throw new InputException($"{Dataset.Name}: none of its images could be read; the first: {Report.Problems[0]}");

            void Ask(int end)
            {
                for (; asked < Math.Min(end, plan.Length); asked++) ahead.Enqueue([.. plan[asked].Select(workers.Load)]);
            }
        }
        finally
        {
            workers.Dispose();
            foreach (Task<LoadedSample?> task in ahead.SelectMany(batch => batch))
            {
                if (task.IsCompletedSuccessfully) task.Result?.Pixels.Dispose();
            }
        }
    }

    /// <summary>The file or record of a sample, for messages.</summary>
    private protected abstract string FileOf(int index);

    /// <summary>Decodes a sample, with its ground truth. Called on worker threads.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    private protected abstract (Mat Image, Targets Targets) Read(int index);

    /// <summary>Mixes a sample with others, if the loader does that.</summary>
    private protected virtual (Mat Image, Targets Targets) Mix(Mat image, Targets targets, Random random) => (image, targets);

    /// <summary>Draws a random sample of the data set. One that cannot be read is reported, and another is drawn.</summary>
    /// <exception cref="InputException">Several samples were drawn, and none could be read.</exception>
    private protected (Mat Image, Targets Targets) Draw(Random random)
    {
        const int attempts = 10;
        for (int attempt = 1; ; attempt++)
        {
            int index = random.Next(Dataset.Count);
            try
            {
                return Read(index);
            }
            catch (InputException exception)
            {
                ReportOnce(FileOf(index), exception);
                if (attempt == attempts) throw;
            }
        }
    }

    /// <summary>Makes a batch, which takes ownership of the samples' pixels.</summary>
    /// <param name="samples">At least one, in order.</param>
    /// <param name="index">The batch's index in the epoch.</param>
    /// <param name="random">The only source of randomness.</param>
    private protected abstract TBatch Collate(LoadedSample[] samples, int index, Random random);

    /// <summary>The jobs of each batch. A job is a sample's index, plus the number of samples for each time that the sample was shown
    /// before in the epoch: repetitions of an image get different random changes.</summary>
    private int[][] Plan(int epoch)
    {
        Random random = new(Seeds.Mix(options.Seed, epoch));
        int[] order = repeats is null
            ? [.. Enumerable.Range(0, Dataset.Count)]
            : [.. RepeatFactors.Draw(repeats, random)
                .SelectMany((times, index) => Enumerable.Range(0, times).Select(time => index + time * Dataset.Count))];
        if (options.Shuffle) random.Shuffle(order);
        int[][] batches = [.. order.Chunk(options.BatchSize)];
        return options.Part is { } part ? [.. batches.Select(part.Of)] : batches;
    }

    // On a worker thread, which has no dispose scope: only the batch owns the tensor.
    private LoadedSample? Load(int job, int epoch)
    {
        int index = job % Dataset.Count, time = job / Dataset.Count;
        if (ReadOrReport(index) is not { } read) return null;
        (Mat image, Targets targets) = read;
        try
        {
            try
            {
                Random random = new(time == 0 ? Seeds.Mix(options.Seed, epoch, index) : Seeds.Mix(options.Seed, epoch, index, time));
                (image, targets) = Mix(image, targets, random);
                if (options.Transform is not null) (image, targets) = options.Transform.Apply(image, targets, random);
                return new(index, ImageTensor.From(image), targets);
            }
            finally
            {
                image.Dispose();
            }
        }
        catch (Exception exception) when (exception is not InputException)
        {
            throw new InvalidOperationException($"{FileOf(index)}: loading this image failed: {exception.Message}", exception);
        }
    }

    /// <summary>Reads a sample. Returns null and reports it if it cannot be read;
    /// errors in later steps are not the image's fault.</summary>
    private (Mat Image, Targets Targets)? ReadOrReport(int index)
    {
        try
        {
            return Read(index);
        }
        catch (InputException exception)
        {
            ReportOnce(FileOf(index), exception);
            return null;
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{FileOf(index)}: reading this image failed: {exception.Message}", exception);
        }
    }

    private void ReportOnce(string file, InputException exception)
    {
        if (reported.TryAdd(file, true)) Report.Add(DatasetProblem.Unreadable(file, exception));
    }
}
