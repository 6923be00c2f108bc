using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using OpenCvSharp;

namespace Vision.Visualization;

/// <summary>Runs the images of a folder or the frames of a video through decoding, a model, drawing and writing, each on its own thread, to
/// keep all cores busy. Only a few images are in memory at a time.</summary>
public static class ImagePipeline
{
    private const int Waiting = 2;

    /// <summary>Runs to the last image. If a step fails, all steps end and its exception is thrown.</summary>
    /// <param name="images">Decodes the images one after another, as they are requested; the pipeline disposes them.</param>
    /// <param name="predict">Runs the model on an image, 8-bit RGB.</param>
    /// <param name="draw">Draws the prediction on the image.</param>
    /// <param name="write">Receives the annotated images, in order.</param>
    /// <typeparam name="TKey">What tells images apart, such as a file name or a frame's number.</typeparam>
    /// <typeparam name="TResult">The model's prediction.</typeparam>
    /// <param name="cancellation">Stops decoding; images that were already decoded are still processed.</param>
    public static void Run<TKey, TResult>(IEnumerable<(TKey Key, Mat Image)> images, Func<TKey, Mat, TResult> predict,
        Action<Mat, TResult> draw, Action<TKey, Mat, TResult> write, CancellationToken cancellation = default)
    {
        using BlockingCollection<(TKey Key, Mat Image)> decoded = new(Waiting);
        using BlockingCollection<(TKey Key, Mat Image, TResult Result)> predicted = new(Waiting), drawn = new(Waiting);
        using CancellationTokenSource failure = new();
        CancellationToken failed = failure.Token;
        Task[] steps =
        [
            Step(decoded.CompleteAdding, () =>
            {
                foreach (var (key, image) in images)
                {
                    Owned(image, () => decoded.Add((key, image), failed));
                    if (cancellation.IsCancellationRequested) break;
                }
            }),
            Step(predicted.CompleteAdding, () =>
            {
                foreach (var (key, image) in decoded.GetConsumingEnumerable(failed))
                    Owned(image, () => predicted.Add((key, image, predict(key, image)), failed));
            }),
            Step(drawn.CompleteAdding, () =>
            {
                foreach (var (key, image, result) in predicted.GetConsumingEnumerable(failed))
                    Owned(image, () =>
                    {
                        draw(image, result);
                        drawn.Add((key, image, result), failed);
                    });
            }),
            Step(null, () =>
            {
                foreach (var (key, image, result) in drawn.GetConsumingEnumerable(failed))
                {
                    using (image) write(key, image, result);
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
            var causes = exception.Flatten().InnerExceptions;
            ExceptionDispatchInfo.Throw(causes.FirstOrDefault(inner => inner is not OperationCanceledException) ?? causes[0]);
        }
        finally
        {
            foreach (var (_, image) in decoded) image.Dispose();
            foreach (var (_, image, _) in predicted.Concat(drawn)) image.Dispose();
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
    }

    /// <summary>Runs work that passes an image on; the image is freed if the work fails.</summary>
    private static void Owned(Mat image, Action work)
    {
        try
        {
            work();
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }
}
