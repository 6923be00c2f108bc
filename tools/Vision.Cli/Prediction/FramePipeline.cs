using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using OpenCvSharp;
using Vision.Visualization;

namespace Vision.Cli.Prediction;

/// <summary>Takes the frames of a video through decoding, a model, drawing and encoding, each on a thread of its own, so that all cores are busy. Few frames wait in between.</summary>
internal static class FramePipeline
{
    private const int Waiting = 4;

    /// <summary>Runs to the last frame. Where a step fails, all end, and its exception comes out.</summary>
    /// <param name="frames">What is decoded.</param>
    /// <param name="look">What the model sees in a frame, given its number.</param>
    /// <param name="encode">Takes the frames with the drawing on them, in order.</param>
    /// <param name="cancellation">Ends the decoding; frames that were decoded still go through.</param>
    public static void Run(IEnumerable<VideoFrame> frames, Func<Mat, int, Seen> look, Action<Mat> encode, CancellationToken cancellation)
    {
        using BlockingCollection<(Mat Image, int Index)> decoded = new(Waiting);
        using BlockingCollection<(Mat Image, Seen Seen)> looked = new(Waiting);
        using BlockingCollection<Mat> drawn = new(Waiting);
        using CancellationTokenSource failure = new();
        CancellationToken failed = failure.Token;
        Task[] steps =
        [
            Step(decoded.CompleteAdding, () =>
            {
                foreach (VideoFrame frame in frames)
                {
                    Mat own = frame.Image.Clone();
                    Give(decoded, (own, frame.Index), own);
                    if (cancellation.IsCancellationRequested) break;
                }
            }),
            Step(looked.CompleteAdding, () =>
            {
                foreach (var (image, index) in decoded.GetConsumingEnumerable(failed)) Give(looked, (image, Owned(image, () => look(image, index))), image);
            }),
            Step(drawn.CompleteAdding, () =>
            {
                foreach (var (image, seen) in looked.GetConsumingEnumerable(failed))
                {
                    Owned(image, () => { seen.Draw(image); return seen; });
                    Give(drawn, image, image);
                }
            }),
            Step(null, () =>
            {
                foreach (Mat image in drawn.GetConsumingEnumerable(failed))
                {
                    using (image) encode(image);
                }
            }),
        ];
        try
        {
            Task.WaitAll(steps, CancellationToken.None);
        }
        catch (AggregateException exception)
        {
            // The other steps were only told to stop.
            ExceptionDispatchInfo.Throw(exception.Flatten().InnerExceptions.First(inner => inner is not OperationCanceledException));
        }
        finally
        {
            foreach (var (image, _) in decoded) image.Dispose();
            foreach (var (image, _) in looked) image.Dispose();
            foreach (Mat image in drawn) image.Dispose();
        }

        // Threads of their own: torch's dispose scopes belong to threads, and such long work would starve the pool.
        Task Step(Action? end, Action work) => Task.Factory.StartNew(() =>
        {
            try
            {
                work();
            }
            catch
            {
                failure.Cancel();
                throw;
            }
            finally
            {
                end?.Invoke();
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        void Give<T>(BlockingCollection<T> to, T item, Mat image)
        {
            try
            {
                to.Add(item, failed);
            }
            catch (OperationCanceledException)
            {
                image.Dispose();
                throw;
            }
        }
    }

    /// <summary>Runs work on an image, which is freed where the work fails.</summary>
    private static T Owned<T>(Mat image, Func<T> work)
    {
        try
        {
            return work();
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }
}
