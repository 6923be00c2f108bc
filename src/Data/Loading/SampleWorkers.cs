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
    /// <param name="count">The number of threads.</param>
    /// <param name="load">Loads the sample at an index, or returns null to leave it out.</param>
    public SampleWorkers(int count, Func<int, LoadedSample?> load)
    {
        this.load = load;
        threads = [.. Enumerable.Range(1, count)
            .Select(number => new Thread(Work) { IsBackground = true, Name = $"Vision loader {number}" })];
        foreach (Thread thread in threads) thread.Start();
    }

    /// <summary>Requests a sample; requests are started in order.</summary>
    public Task<LoadedSample?> Load(int index)
    {
        TaskCompletionSource<LoadedSample?> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        jobs.Add((index, result));
        return result.Task;
    }

    /// <summary>Ends the threads after their current samples and waits for them.
    /// Samples that were not started are never returned.</summary>
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
