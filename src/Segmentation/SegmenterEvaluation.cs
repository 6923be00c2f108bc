using Vision.Data;
using Vision.Evaluation;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>Evaluates a segmenter on a data set, at the full size of its masks.</summary>
public static class SegmenterEvaluation
{
    /// <summary>Classifies every pixel and compares it with the ground truth.</summary>
    /// <param name="model">The segmenter. A module is switched to evaluation mode and stays in it.</param>
    /// <param name="view">How images are fed to the model.</param>
    /// <param name="dataset">Images with the same classes as the segmenter, in the same order.</param>
    /// <param name="progress">Called with (images done, images in total).</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <param name="predict">Predicts the classes of an image [3, H, W]; null for the most probable ones in the view. It is called in the
    /// order of the images.</param>
    /// <exception cref="OperationCanceledException">The operation was canceled.</exception>
    /// <exception cref="InputException">No image can be read.</exception>
    public static SegmentationMetrics Run(ISegmenter model, SegmenterView view, SegmentationDataset dataset,
        Action<int, int>? progress = null, CancellationToken cancellation = default,
        Func<Tensor, SegmentationMap>? predict = null)
    {
        (SegmentationResults results, IReadOnlyList<string> notes) = Collect(model, view, dataset, null, progress, cancellation, predict);
        return results.Metrics(notes);
    }

    /// <summary>The same for the images of a part, with remarks.</summary>
    internal static (SegmentationResults Results, IReadOnlyList<string> Notes) Collect(ISegmenter model, SegmenterView view,
        SegmentationDataset dataset, LoaderPart? part, Action<int, int>? progress, CancellationToken cancellation,
        Func<Tensor, SegmentationMap>? predict = null)
    {
        if (model is nn.Module module) module.eval();
        predict ??= new SegmenterViews(model, view).Map;
        SegmentationResults results = new(dataset.Categories);
        SegmentationLoader loader = new(dataset, new() { BatchSize = 1, Shuffle = false, Part = part });
        foreach (SegmentationBatch batch in loader.Epoch(0, 0, cancellation))
        {
            using (batch)
            using (var scope = NewDisposeScope())
            {
                Tensor labels = batch.Labels[0];                                                // uint8 [H, W]
                results.Add(predict(batch.Images[0]),
                    new SegmentationMap((int)labels.shape[1], (int)labels.shape[0], labels.bytes.ToArray()), batch.Files[0], batch.Index);
            }
            progress?.Invoke(batch.Index + 1, dataset.Samples.Count);
            cancellation.ThrowIfCancellationRequested();
        }
        return (results, loader.Report.Summary is { Length: > 0 } unreadable ? [unreadable] : []);
    }
}
