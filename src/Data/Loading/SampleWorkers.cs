using System.Collections.Concurrent;

namespace Vision.Data;

/// <summary>Threads that load samples. Their tensors belong to whoever takes the result.</summary>
internal sealed class SampleWorkers : IDisposable
{
    private readonly BlockingCollection<(int Index, TaskCompletionSource<LoadedSample?> Result)> jobs = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly Func<int, LoadedSample?> load;
    private readonly Thread[] threads;

    /// <summary>Starts the threads.</summary>
    /// <param name="count">How many.</param>
    /// <param name="load">Loads the sample of an index, or gives null where it is to be left out.</param>
    public SampleWorkers(int count, Func<int, LoadedSample?> load)
    {
        this.load = load;
        threads = [.. Enumerable.Range(1, count)
            .Select(number => new Thread(Work) { IsBackground = true, Name = $"Vision loader {number}" })];
        foreach (Thread thread in threads) thread.Start();
    }

    /// <summary>Asks for a sample; jobs are begun in the order in which they are asked for.</summary>
    public Task<LoadedSample?> Load(int index)
    {
        TaskCompletionSource<LoadedSample?> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        jobs.Add((index, result));
        return result.Task;
    }

    /// <summary>Ends the threads after the samples that they are at, and waits for them. Samples that were not begun never come.</summary>
    public void Dispose()
    {
        stopping.Cancel();
        foreach (Thread thread in threads) thread.Join();
        jobs.Dispose();
        stopping.Dispose();
    }

    private void Work()
    {
        try
        {
            foreach (var (index, result) in jobs.GetConsumingEnumerable(stopping.Token))
            {
                try
                {
                    result.SetResult(load(index));
                }
                catch (Exception exception)
                {
                    result.SetException(exception);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed: the thread ends.
        }
    }
}
