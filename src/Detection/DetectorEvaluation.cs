using Vision.Data;
using Vision.Evaluation;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Evaluates a detector on a data set with COCO's metrics.</summary>
public static class DetectorEvaluation
{
    /// <summary>Detects objects in every image and compares them with the ground truth: boxes, and masks
    /// and keypoints if both sides have them.</summary>
    /// <param name="detector">The detector. It is switched to evaluation mode and stays in it.</param>
    /// <param name="dataset">Images with the same classes as the detector, in the same order.</param>
    /// <param name="progress">Called with (images done, images in total).</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="OperationCanceledException">The operation was canceled.</exception>
    /// <exception cref="InputException">No image can be read.</exception>
    public static DetectionMetrics Run(Detector detector, DetectionDataset dataset, Action<int, int>? progress = null,
        CancellationToken cancellation = default) =>
        Collect(detector, dataset, progress, cancellation).Evaluate();

    /// <summary>Detects objects in every image, for comparison with the ground truth by any
    /// metric; otherwise like <see cref="Run"/>.</summary>
    public static DetectionResults Collect(Detector detector, DetectionDataset dataset, Action<int, int>? progress = null,
        CancellationToken cancellation = default)
    {
        detector.eval();
        return Collect(image => detector.call([image])[0], dataset, progress, cancellation);
    }

    /// <summary>Detects objects in every image by any detector, for comparison with the ground truth by any metric.</summary>
    /// <param name="detect">The detector: an image, RGB, float32 [3, H, W] in [0, 1], to its detections.</param>
    /// <param name="dataset">Images with the same classes as the detector, in the same order.</param>
    /// <param name="progress">Called with (images done, images in total).</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="OperationCanceledException">The operation was canceled.</exception>
    /// <exception cref="InputException">No image can be read.</exception>
    public static DetectionResults Collect(Func<Tensor, Detections> detect, DetectionDataset dataset, Action<int, int>? progress = null,
        CancellationToken cancellation = default) => Collect(detect, dataset, null, progress, cancellation);

    /// <summary>The same for the images of a part.</summary>
    internal static DetectionResults Collect(Func<Tensor, Detections> detect, DetectionDataset dataset, LoaderPart? part,
        Action<int, int>? progress, CancellationToken cancellation)
    {
        DetectionResults results = new(dataset.Categories);
        // One image per batch: padding to a larger image would change the last digits of a result.
        DetectionLoader loader = new(dataset, new() { BatchSize = 1, Shuffle = false, Part = part });
        foreach (DetectionBatch batch in loader.Epoch(0, 0, cancellation))
        {
            using (batch)
            using (var scope = NewDisposeScope())
            {
                results.Add(batch.Targets[0], detect(batch.Images[0]));
            }
            progress?.Invoke(batch.Index + 1, dataset.Samples.Count);
            cancellation.ThrowIfCancellationRequested();
        }
        if (loader.Report.Summary is { Length: > 0 } unreadable) results.Add(unreadable);
        return results;
    }
}
