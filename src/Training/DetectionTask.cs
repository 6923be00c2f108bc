using Vision.Backbones;
using Vision.Data;
using Vision.Detection;
using Vision.Evaluation;

namespace Vision.Training;

/// <summary>
/// Training of a detector, evaluated by COCO's rules. The best epoch is the one with the highest AP: of masks or keypoints if the detector
/// predicts them, otherwise of boxes.
/// </summary>
public sealed class DetectionTask : TrainingTask<DetectionDataset, DetectionBatch, DetectionMetrics>
{
    private readonly Detector detector;

    /// <summary>Prepares training; nothing is computed yet.</summary>
    /// <param name="detector">The detector, on its device.</param>
    /// <param name="training">The training batches.</param>
    /// <param name="validation">The validation images, evaluated after each epoch.</param>
    /// <param name="description">What is needed to use the weights; stored in the checkpoints.</param>
    /// <exception cref="InputException">The two data sets do not have the same classes in the same order,
    /// or there are no validation images.</exception>
    public DetectionTask(Detector detector, DetectionLoader training, DetectionDataset validation, DetectorDescription description)
        : base(detector, training, validation, description) => this.detector = detector;

    private protected override Backbone Backbone => detector.Backbone;

    /// <inheritdoc/>
    public override Losses ComputeLosses(DetectionBatch batch) => detector.ComputeLosses(batch);

    /// <inheritdoc/>
    public override BatchInfo Describe(DetectionBatch batch) => new(batch.Index, [.. batch.Targets.Select(targets => targets.File)]);

    private protected override DetectionMetrics? Measure(Action<int, int> progress, CancellationToken cancellation)
    {
        detector.eval();
        Dictionary<long, Targets> targets = Validation.Samples.ToDictionary(sample => sample.ImageId);
        return SharedEvaluation.Collect(ProcessGroup.Current,
            part => DetectorEvaluation.Collect(image => detector.call([image])[0], Validation, part, progress, cancellation),
            (results, writer) => results.Write(writer),
            (results, reader) => results.Add(reader, id => targets[id]))?.Evaluate();
    }

    private protected override ValidationResult Summarize(DetectionMetrics metrics) =>
        new([.. metrics.Figures()], nameof(CocoMetrics.AP));
}
