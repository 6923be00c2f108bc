using TorchSharp;
using Vision.Backbones;
using Vision.Data;
using Vision.Evaluation;
using static TorchSharp.torch;

namespace Vision.Classification;

/// <summary>Measures a classifier on a data set.</summary>
public static class ClassifierEvaluation
{
    private const int BatchSize = 32;

    /// <summary>Classifies every image and compares with its class.</summary>
    /// <param name="model">The classifier. It is put into evaluation mode and stays in it.</param>
    /// <param name="preprocessing">What images go through.</param>
    /// <param name="dataset">Images whose classes are the classifier's, in its order.</param>
    /// <param name="progress">Is told (images done, images in all).</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    /// <exception cref="InputException">No image can be read.</exception>
    public static ClassificationMetrics Run(
        Backbone model, Preprocessing preprocessing, ClassificationDataset dataset, Action<int, int>? progress = null,
            CancellationToken cancellation = default)
    {
        model.eval();
        ClassifierInput input = new(preprocessing);
        Device device = model.parameters().First().device;
        ClassificationResults results = new(dataset.Categories);
        ClassificationLoader loader = new(dataset, new() { BatchSize = BatchSize, Shuffle = false, Transform = input.Crop });
        int done = 0;
        foreach (ClassificationBatch batch in loader.Epoch(0, 0, cancellation))
        {
            using (batch)
            using (var noGradient = inference_mode())
            using (var scope = NewDisposeScope())
            {
                results.Add(model.call(input.Normalize(batch.Images, device)), batch.Targets);
                progress?.Invoke(done += batch.Names.Count, dataset.Samples.Count);
            }
            cancellation.ThrowIfCancellationRequested();
        }
        return results.Metrics(loader.Report.Summary is { Length: > 0 } unreadable ? [unreadable] : []);
    }
}
