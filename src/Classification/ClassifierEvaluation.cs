using Vision.Backbones;
using Vision.Data;
using Vision.Evaluation;
using static TorchSharp.torch;

namespace Vision.Classification;

/// <summary>Evaluates a classifier on a data set.</summary>
public static class ClassifierEvaluation
{
    private const int BatchSize = 32;

    /// <summary>Classifies every image and compares it with the ground truth.</summary>
    /// <param name="model">The classifier. It is switched to evaluation mode and stays in it.</param>
    /// <param name="preprocessing">The preprocessing of images.</param>
    /// <param name="dataset">Images with the same classes as the classifier, in the same order.</param>
    /// <param name="progress">Called with (images done, images in total).</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="OperationCanceledException">The operation was canceled.</exception>
    /// <exception cref="InputException">No image can be read.</exception>
    public static ClassificationMetrics Run(
        Backbone model, Preprocessing preprocessing, ClassificationDataset dataset, Action<int, int>? progress = null,
        CancellationToken cancellation = default)
    {
        (ClassificationResults results, IReadOnlyList<string> notes) =
            Collect(model, preprocessing, dataset, null, progress, cancellation);
        return results.Metrics(notes);
    }

    /// <summary>Classifies every image by any network and compares it with the ground truth.</summary>
    /// <param name="logits">The network: images [N, 3, side, side] in [0, 1], not normalized, to logits [N, classes].</param>
    /// <param name="input">How the network sees an image.</param>
    /// <param name="dataset">Images with the same classes as the classifier, in the same order.</param>
    /// <param name="progress">Called with (images done, images in total).</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="OperationCanceledException">The operation was canceled.</exception>
    /// <exception cref="InputException">No image can be read.</exception>
    public static ClassificationMetrics Run(
        Func<Tensor, Tensor> logits, ClassifierInput input, ClassificationDataset dataset, Action<int, int>? progress = null,
        CancellationToken cancellation = default)
    {
        (ClassificationResults results, IReadOnlyList<string> notes) = Collect(logits, input, dataset, null, progress, cancellation);
        return results.Metrics(notes);
    }

    /// <summary>The same by a classifier for the batches of a part, with remarks.</summary>
    internal static (ClassificationResults Results, IReadOnlyList<string> Notes) Collect(Backbone model, Preprocessing preprocessing,
        ClassificationDataset dataset, LoaderPart? part, Action<int, int>? progress, CancellationToken cancellation)
    {
        model.eval();
        ClassifierInput input = new(preprocessing);
        Device device = model.parameters().First().device;
        return Collect(images => model.call(input.Normalize(images, device)), input, dataset, part, progress, cancellation);
    }

    private static (ClassificationResults Results, IReadOnlyList<string> Notes) Collect(Func<Tensor, Tensor> logits, ClassifierInput input,
        ClassificationDataset dataset, LoaderPart? part, Action<int, int>? progress, CancellationToken cancellation)
    {
        ClassificationResults results = new(dataset.Categories);
        ClassificationLoader loader = new(dataset, new() { BatchSize = BatchSize, Shuffle = false, Part = part, Transform = input.Crop });
        int done = 0;
        foreach (ClassificationBatch batch in loader.Epoch(0, 0, cancellation))
        {
            using (batch)
            using (var noGradient = inference_mode())
            using (var scope = NewDisposeScope())
            {
                results.Add(logits(batch.Images), batch.Targets, batch.Names);
                progress?.Invoke(done += batch.Names.Count, dataset.Samples.Count);
            }
            cancellation.ThrowIfCancellationRequested();
        }
        return (results, loader.Report.Summary is { Length: > 0 } unreadable ? [unreadable] : []);
    }
}
