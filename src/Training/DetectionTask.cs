using TorchSharp.Modules;
using Vision.Data;
using Vision.Detection;
using Vision.Evaluation;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>Training of a detector, measured by COCO's rules; the best epoch is that of the highest AP: of
/// masks or keypoints where there are some, else of boxes.</summary>
public sealed class DetectionTask : ITrainingTask<DetectionBatch>
{
    private readonly Detector detector;
    private readonly DetectionLoader training;
    private readonly DetectionDataset validation;

    /// <summary>Names what to train on what.</summary>
    /// <param name="detector">The detector, on its device.</param>
    /// <param name="training">The batches to learn from.</param>
    /// <param name="validation">The images to measure on after each epoch.</param>
    /// <param name="description">What is needed to use the weights; goes into the checkpoints.</param>
    /// <exception cref="InputException">The two data sets do not have the same classes in the same
    /// order, or there are no images to measure on.</exception>
    public DetectionTask(Detector detector, DetectionLoader training, DetectionDataset validation,
        IReadOnlyDictionary<string, string> description)
    {
        if (!training.Dataset.Categories.SequenceEqual(validation.Categories))
            throw new InputException(
                $"{training.Dataset.Name} has the classes {Names(training.Dataset)}, and {validation.Name} has {Names(validation)}: read " +
                "both with the same list of classes.");
        if (validation.Samples.Count == 0) throw new InputException($"{validation.Name} has no images to measure on.");
        this.detector = detector;
        this.training = training;
        this.validation = validation;
        Description = description;
    }

    /// <summary>The whole result of the last evaluation; null before the first.</summary>
    public DetectionMetrics? LastEvaluation { get; private set; }

    /// <inheritdoc/>
    public nn.Module Model => detector;

    /// <inheritdoc/>
    public IEnumerable<Parameter> BackboneParameters => detector.Backbone.parameters();

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Description { get; }

    /// <inheritdoc/>
    public int StepsPerEpoch => training.BatchCount;

    /// <inheritdoc/>
    public IEnumerable<DetectionBatch> Batches(int epoch, int skip) => training.Epoch(epoch, skip);

    /// <inheritdoc/>
    public Losses ComputeLosses(DetectionBatch batch) => detector.ComputeLosses(batch);

    /// <inheritdoc/>
    public BatchInfo Describe(DetectionBatch batch) => new(batch.Index, [.. batch.Targets.Select(targets => targets.File)]);

    /// <inheritdoc/>
    public ValidationResult Evaluate(Action<int, int> progress, CancellationToken cancellation)
    {
        LastEvaluation = DetectorEvaluation.Run(detector, validation, progress, cancellation);
        return new([.. LastEvaluation.Figures()], nameof(CocoMetrics.AP));
    }

    private static string Names(DetectionDataset dataset) =>
        string.Join(", ", dataset.Categories.Select(category => $"{category.Id} {category.Name}"));
}
