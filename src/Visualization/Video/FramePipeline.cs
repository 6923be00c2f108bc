using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using OpenCvSharp;

namespace Vision.Visualization;

/// <summary>Takes the frames of a video through decoding, a model, drawing and encoding, each on a thread of its
/// own, so that all cores are busy. Few frames wait in between.</summary>
public static class FramePipeline
{
    private const int Waiting = 4;

    /// <summary>Runs to the last frame. Where a step fails, all end, and its exception comes out.</summary>
    /// <param name="frames">What is decoded.</param>
    /// <param name="predict">What the model says of a frame, RGB of 8 bits, given its number from 0.</param>
    /// <param name="draw">Draws that on the frame.</param>
    /// <param name="encode">Takes the frames with the drawing on them, in order.</param>
    /// <typeparam name="TResult">What the model says.</typeparam>
    /// <param name="cancellation">Ends the decoding; frames that were decoded still go through.</param>
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
            // The other steps were only told to stop.
            ExceptionDispatchInfo.Throw(exception.Flatten().InnerExceptions.First(inner => inner is not OperationCanceledException));
        }
        finally
        {
            foreach (var (image, _) in decoded) image.Dispose();
            foreach (var (image, _) in predicted) image.Dispose();
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
