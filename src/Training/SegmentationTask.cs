using TorchSharp.Modules;
using Vision.Data;
using Vision.Evaluation;
using Vision.Segmentation;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>Training of a segmenter; the best epoch is that of the highest mean IoU.</summary>
public sealed class SegmentationTask : ITrainingTask<SegmentationBatch>
{
    private readonly Segmenter model;
    private readonly SegmentationLoader training;
    private readonly SegmentationDataset validation;
    private readonly SegmentationLoss loss;
    private readonly SegmenterView view;

    /// <summary>Names what to train on what.</summary>
    /// <param name="model">The segmenter, on its device.</param>
    /// <param name="training">The batches to learn from.</param>
    /// <param name="validation">The images to measure on after each epoch, at the full size of their masks.</param>
    /// <param name="description">What is needed to use the weights; goes into the checkpoints.
    /// Images to measure on are brought to its size.</param>
    /// <param name="loss">What is trained on.</param>
    /// <exception cref="InputException">The two data sets do not have the same classes in the same
    /// order, or there are no images to measure on.</exception>
    public SegmentationTask(Segmenter model, SegmentationLoader training, SegmentationDataset validation, SegmenterDescription description,
        SegmentationLoss loss)
    {
        if (!training.Dataset.Categories.SequenceEqual(validation.Categories))
            throw new InputException(
                $"{training.Dataset.Name} has the classes {Names(training.Dataset)}, and {validation.Name} has {Names(validation)}: read " +
                "both with the same list of classes.");
        if (validation.Samples.Count == 0) throw new InputException($"{validation.Name} has no images to measure on.");
        (this.model, this.training, this.validation, this.loss) = (model, training, validation, loss);
        view = new() { ShorterSide = description.ShorterSide };
        Description = description.ToMetadata();
    }

    /// <summary>The whole result of the last evaluation; null before the first.</summary>
    public SegmentationMetrics? LastEvaluation { get; private set; }

    /// <inheritdoc/>
    public nn.Module Model => model;

    /// <inheritdoc/>
    public IEnumerable<Parameter> BackboneParameters => model.Backbone.parameters();

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Description { get; }

    /// <inheritdoc/>
    public int StepsPerEpoch => training.BatchCount;

    /// <inheritdoc/>
    public IEnumerable<SegmentationBatch> Batches(int epoch, int skip) => training.Epoch(epoch, skip);

    /// <inheritdoc/>
    public Losses ComputeLosses(SegmentationBatch batch) => model.ComputeLosses(batch, loss);

    /// <inheritdoc/>
    public BatchInfo Describe(SegmentationBatch batch) => new(batch.Index, batch.Files);

    /// <inheritdoc/>
    public ValidationResult Evaluate(Action<int, int> progress, CancellationToken cancellation)
    {
        LastEvaluation = SegmenterEvaluation.Run(model, view, validation, progress, cancellation);
        return new(
            [
                KeyValuePair.Create("mIoU", LastEvaluation.MeanIou), KeyValuePair.Create("pixel_accuracy", LastEvaluation.PixelAccuracy),
                    KeyValuePair.Create("mean_accuracy", LastEvaluation.MeanAccuracy),
                KeyValuePair.Create("frequency_weighted_iou", LastEvaluation.FrequencyWeightedIou),
                    KeyValuePair.Create("boundary_f", LastEvaluation.BoundaryF),
            ],
            "mIoU");
    }

    private static string Names(SegmentationDataset dataset) => string.Join(", ", dataset.Categories.Select(category => category.Name));
}
