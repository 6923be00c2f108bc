using TorchSharp.Modules;
using Vision.Backbones;
using Vision.Classification;
using Vision.Data;
using Vision.Evaluation;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>Training of a classifier by cross-entropy; the best epoch is the one with the highest top-1 accuracy.</summary>
public sealed class ClassificationTask : TrainingTask<ClassificationDataset, ClassificationBatch, ClassificationMetrics>,
    IRecordedTask<ClassificationBatch>
{
    private const int EvaluatedAtOnce = 32;

    private readonly Backbone classifier;
    private readonly Preprocessing preprocessing;
    private readonly ClassifierInput input;
    private readonly double labelSmoothing;
    private readonly Device device;

    /// <summary>Prepares training; nothing is computed yet.</summary>
    /// <param name="classifier">The classifier, on its device.</param>
    /// <param name="training">The training batches.</param>
    /// <param name="validation">The validation images, evaluated after each epoch.</param>
    /// <param name="description">What is needed to use the weights; stored in the checkpoints. Its preprocessing normalizes all images, and
    /// resizes and crops the validation images.</param>
    /// <param name="labelSmoothing">The share of each target that is spread over all classes (Szegedy et al. 2015, arXiv:1512.00567), in
    /// [0, 1); usually 0.1 for ImageNet.</param>
    /// <exception cref="InputException">The two data sets do not have the same classes in the same order,
    /// or there are no validation images.</exception>
    public ClassificationTask(Backbone classifier, ClassificationLoader training, ClassificationDataset validation,
        ClassifierDescription description, double labelSmoothing = 0) : base(classifier, training, validation, description)
    {
        if (labelSmoothing is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(labelSmoothing), labelSmoothing, "Label smoothing must be in [0, 1).");
        this.classifier = classifier;
        this.labelSmoothing = labelSmoothing;
        preprocessing = description.Preprocessing;
        input = new(preprocessing);
        device = classifier.parameters().First().device;
    }

    /// <summary>The images as they are loaded; null for crops of the size for prediction.</summary>
    internal LoadedImages? Loaded { get; init; }

    private protected override Backbone Backbone => classifier;

    private protected override IEnumerable<Parameter> BackboneParameters => ClassifierHead.ParametersBefore(classifier);

    /// <inheritdoc/>
    public override Losses ComputeLosses(ClassificationBatch batch) => Losses(classifier, input, device, batch, labelSmoothing);

    /// <summary>The losses of a batch.</summary>
    internal static Losses Losses(Backbone classifier, ClassifierInput input, Device device, ClassificationBatch batch,
        double labelSmoothing)
    {
        using var scope = NewDisposeScope();
        Tensor logits = Autocast.Widen(classifier.call(input.Normalize(batch.Images, device)));       // [N, C]
        Tensor loss = nn.functional.cross_entropy(logits, batch.Targets.to(device), label_smoothing: labelSmoothing);
        Losses losses = new();
        losses.Add("loss_classifier", loss.MoveToOuterDisposeScope());
        return losses;
    }

    /// <inheritdoc/>
    public override BatchInfo Describe(ClassificationBatch batch) => new(batch.Index, batch.Names);

    private protected override ClassificationMetrics? Measure(ClassificationDataset data, Action<int, int> progress,
        CancellationToken cancellation) =>
        SharedEvaluation.Collect(ProcessGroup.Current,
            part => new Noted<ClassificationResults>(
                ClassifierEvaluation.Collect(classifier, preprocessing, data, part, progress, cancellation)),
            (found, writer) => found.Write(writer, found.Results.Write),
            (found, reader) => found.Add(reader, found.Results.Read)) is { } all ? all.Results.Metrics(all.Notes) : null;

    private protected override ValidationResult Summarize(ClassificationMetrics metrics) => new(
        [
            new("top1", metrics.Top1), new("top5", metrics.Top5), new("correct", metrics.Correct), new("total", metrics.Total),
        ],
        "top1") { Images = metrics.Images };

    private protected override (int Width, int Height) LargestSize => Images.Sizes[0];

    private protected override ClassificationBatch Example(int images)
    {
        using var scope = NewDisposeScope();
        (int width, int height) = LargestSize;
        return new()
        {
            Images = rand(images, 3, height, width).DetachFromDisposeScope(),
            Targets = randint(0, Training.Dataset.Categories.Count, [images], ScalarType.Int64).DetachFromDisposeScope(),
            Names = [.. Enumerable.Repeat("noise", images)],
        };
    }

    // The training images are crops of the size for prediction.
    private protected override LoadedImages Images => Loaded ?? LoadedImages.Any((preprocessing.Crop, preprocessing.Crop));

    private protected override ClassificationDataset LargestValidation => new()
    {
        Name = Validation.Name, Categories = Validation.Categories, Samples = [.. Validation.Samples.Take(EvaluatedAtOnce)],
    };

    ModelKind IRecordedTask<ClassificationBatch>.Kind => ModelKind.Classifier;

    string? IRecordedTask<ClassificationBatch>.LossText => null;

    double IRecordedTask<ClassificationBatch>.LabelSmoothing => labelSmoothing;

    IEnumerable<KeyValuePair<string, Tensor>> IRecordedTask<ClassificationBatch>.TensorsOf(ClassificationBatch batch) =>
        [new("images", batch.Images), new("targets", batch.Targets)];

    CapsuleObject[][]? IRecordedTask<ClassificationBatch>.ObjectsOf(ClassificationBatch batch) => null;
}
