using Vision.Data;
using Vision.Evaluation;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Measures a detector on a data set by COCO's rules.</summary>
public static class DetectorEvaluation
{
    /// <summary>Detects in every image and compares with the ground truth: boxes, and masks
    /// and keypoints where both sides have them.</summary>
    /// <param name="detector">The detector. It is put into evaluation mode and stays in it.</param>
    /// <param name="dataset">Images whose classes are the detector's, in its order.</param>
    /// <param name="progress">Is told (images done, images in all).</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    /// <exception cref="InputException">No image can be read.</exception>
    public static DetectionMetrics Run(Detector detector, DetectionDataset dataset, Action<int, int>? progress = null,
        CancellationToken cancellation = default) =>
        Collect(detector, dataset, progress, cancellation).Evaluate();

    /// <summary>Detects in every image, to be compared with the ground truth by rules of one's
    /// choice; otherwise as <see cref="Run"/>.</summary>
    public static DetectionResults Collect(Detector detector, DetectionDataset dataset, Action<int, int>? progress = null,
        CancellationToken cancellation = default)
    {
        detector.eval();
        DetectionResults results = new(dataset.Categories);
        // Images one by one: padding beside a larger one would change a result in its last digits.
        DetectionLoader loader = new(dataset, new() { BatchSize = 1, Shuffle = false });
        foreach (DetectionBatch batch in loader.Epoch(0, 0, cancellation))
        {
            using (batch)
            using (var scope = NewDisposeScope())
            {
                results.Add(batch.Targets[0], detector.call(batch.Images)[0]);
            }
            progress?.Invoke(batch.Index + 1, dataset.Samples.Count);
            cancellation.ThrowIfCancellationRequested();
        }
        if (loader.Report.Summary is { Length: > 0 } unreadable) results.Add(unreadable);
        return results;
    }
}
