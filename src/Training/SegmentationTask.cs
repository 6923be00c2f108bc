using Vision.Backbones;
using Vision.Data;
using Vision.Evaluation;
using Vision.Segmentation;

namespace Vision.Training;

/// <summary>Training of a segmenter; the best epoch is the one with the highest mean IoU.</summary>
public sealed class SegmentationTask : TrainingTask<SegmentationDataset, SegmentationBatch, SegmentationMetrics>
{
    private readonly Segmenter segmenter;
    private readonly SegmentationLoss loss;
    private readonly SegmenterView view;

    /// <summary>Prepares training; nothing is computed yet.</summary>
    /// <param name="segmenter">The segmenter, on its device.</param>
    /// <param name="training">The training batches.</param>
    /// <param name="validation">The validation images, evaluated after each epoch at the full size of their masks.</param>
    /// <param name="description">What is needed to use the weights; stored in the checkpoints. Validation images are resized to its
    /// <see cref="SegmenterDescription.ShorterSide"/>.</param>
    /// <param name="loss">The loss to minimize.</param>
    /// <exception cref="InputException">The two data sets do not have the same classes in the same order,
    /// or there are no validation images.</exception>
    public SegmentationTask(Segmenter segmenter, SegmentationLoader training, SegmentationDataset validation,
        SegmenterDescription description, SegmentationLoss loss) : base(segmenter, training, validation, description)
    {
        this.segmenter = segmenter;
        this.loss = loss;
        view = new() { ShorterSide = description.ShorterSide };
    }

    private protected override Backbone Backbone => segmenter.Backbone;

    /// <inheritdoc/>
    public override Losses ComputeLosses(SegmentationBatch batch) => segmenter.ComputeLosses(batch, loss);

    /// <inheritdoc/>
    public override BatchInfo Describe(SegmentationBatch batch) => new(batch.Index, batch.Files);

    private protected override SegmentationMetrics? Measure(Action<int, int> progress, CancellationToken cancellation) =>
        SharedEvaluation.Collect(ProcessGroup.Current,
            part => new Noted<SegmentationResults>(SegmenterEvaluation.Collect(segmenter, view, Validation, part, progress, cancellation)),
            (found, writer) => found.Write(writer, found.Results.Write),
            (found, reader) => found.Add(reader, found.Results.Add)) is { } all ? all.Results.Metrics(all.Notes) : null;

    private protected override ValidationResult Summarize(SegmentationMetrics metrics) => new(
        [
            new("mIoU", metrics.MeanIou), new("pixel_accuracy", metrics.PixelAccuracy), new("mean_accuracy", metrics.MeanAccuracy),
            new("frequency_weighted_iou", metrics.FrequencyWeightedIou), new("boundary_f", metrics.BoundaryF),
        ],
        "mIoU");
}
