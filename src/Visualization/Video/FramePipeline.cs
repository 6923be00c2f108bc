using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using OpenCvSharp;

namespace Vision.Visualization;

/// <summary>Runs the frames of a video through decoding, a model, drawing and encoding, each on its own thread, to keep all cores busy.
/// Only a few frames are queued in between.</summary>
public static class FramePipeline
{
    private const int Waiting = 4;

    /// <summary>Runs to the last frame. If a step fails, all steps end and its exception is thrown.</summary>
    /// <param name="frames">The decoded frames.</param>
    /// <param name="predict">Runs the model on a frame, 8-bit RGB, given its number starting at 0.</param>
    /// <param name="draw">Draws the prediction on the frame.</param>
    /// <param name="encode">Receives the annotated frames, in order.</param>
    /// <typeparam name="TResult">The model's prediction.</typeparam>
    /// <param name="cancellation">Stops decoding; frames that were already decoded are still processed.</param>
    public static void Run<TResult>(
        IEnumerable<VideoFrame> frames, Func<Mat, int, TResult> predict, Action<Mat, TResult> draw, Action<Mat> encode,
        CancellationToken cancellation = default)
    {
        using BlockingCollection<(Mat Image, int Index)> decoded = new(Waiting);
        using BlockingCollection<(Mat Image, TResult Result)> predicted = new(Waiting);
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
            Step(predicted.CompleteAdding, () =>
            {
                foreach (var (image, index) in decoded.GetConsumingEnumerable(failed))
                    Give(predicted, (image, Owned(image, () => predict(image, index))), image);
            }),
            Step(drawn.CompleteAdding, () =>
            {
                foreach (var (image, result) in predicted.GetConsumingEnumerable(failed))
                {
                    Owned(image, () => { draw(image, result); return result; });
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
            // The other steps were only canceled.
            ExceptionDispatchInfo.Throw(exception.Flatten().InnerExceptions.First(inner => inner is not OperationCanceledException));
        }
        finally
        {
            foreach (var (image, _) in decoded) image.Dispose();
            foreach (var (image, _) in predicted) image.Dispose();
            foreach (Mat image in drawn) image.Dispose();
        }

        // Dedicated threads: torch's dispose scopes belong to threads, and such long work would starve the thread pool.
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

    /// <summary>Runs work on an image, which is freed if the work fails.</summary>
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
