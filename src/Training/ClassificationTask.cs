using TorchSharp;
using TorchSharp.Modules;
using Vision.Backbones;
using Vision.Classification;
using Vision.Data;
using Vision.Evaluation;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>Training of a classifier by cross-entropy; the best epoch is that of the highest top-1 accuracy.</summary>
public sealed class ClassificationTask : ITrainingTask<ClassificationBatch>
{
    private readonly Backbone model;
    private readonly ClassificationLoader training;
    private readonly ClassificationDataset validation;
    private readonly Preprocessing preprocessing;
    private readonly ClassifierInput input;
    private readonly double labelSmoothing;
    private readonly Device device;

    /// <summary>Names what to train on what.</summary>
    /// <param name="model">The classifier, on its device.</param>
    /// <param name="training">The batches to learn from.</param>
    /// <param name="validation">The images to measure on after each epoch.</param>
    /// <param name="description">What is needed to use the weights; goes into the checkpoints. Images are
    /// normalized, and those to measure on cropped, as it says.</param>
    /// <param name="labelSmoothing">The share of each target that is spread over all classes (Szegedy et al. 2015,
    /// arXiv:1512.00567), in [0, 1); 0.1 is usual on ImageNet.</param>
    /// <exception cref="InputException">The two data sets do not have the same classes in the same
    /// order, or there are no images to measure on.</exception>
    public ClassificationTask(Backbone model, ClassificationLoader training, ClassificationDataset validation,
        ClassifierDescription description, double labelSmoothing = 0)
    {
        if (!training.Dataset.Categories.SequenceEqual(validation.Categories))
            throw new InputException(
                $"{training.Dataset.Name} has the classes {Names(training.Dataset)}, and {validation.Name} has {Names(validation)}: read " +
                "both with the same list of classes.");
        if (validation.Samples.Count == 0) throw new InputException($"{validation.Name} has no images to measure on.");
        if (labelSmoothing is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(labelSmoothing), labelSmoothing, "Label smoothing lies in [0, 1).");
        this.model = model;
        this.training = training;
        this.validation = validation;
        this.labelSmoothing = labelSmoothing;
        preprocessing = description.Preprocessing;
        input = new(preprocessing);
        device = model.parameters().First().device;
        Description = description.ToMetadata();
    }

    /// <summary>The whole result of the last evaluation; null before the first.</summary>
    public ClassificationMetrics? LastEvaluation { get; private set; }

    /// <inheritdoc/>
    public nn.Module Model => model;

    /// <inheritdoc/>
    public IEnumerable<Parameter> BackboneParameters => ClassifierHead.ParametersBefore(model);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Description { get; }

    /// <inheritdoc/>
    public int StepsPerEpoch => training.BatchCount;

    /// <inheritdoc/>
    public IEnumerable<ClassificationBatch> Batches(int epoch, int skip) => training.Epoch(epoch, skip);

    /// <inheritdoc/>
    public Losses ComputeLosses(ClassificationBatch batch)
    {
        using var scope = NewDisposeScope();
        Tensor logits = model.call(input.Normalize(batch.Images, device));                                    // [N, C]
        Tensor loss = nn.functional.cross_entropy(logits, batch.Targets.to(device), label_smoothing: labelSmoothing);
        Losses losses = new();
        losses.Add("loss_classifier", loss.MoveToOuterDisposeScope());
        return losses;
    }

    /// <inheritdoc/>
    public BatchInfo Describe(ClassificationBatch batch) => new(batch.Index, batch.Names);

    /// <inheritdoc/>
    public ValidationResult Evaluate(Action<int, int> progress, CancellationToken cancellation)
    {
        LastEvaluation = ClassifierEvaluation.Run(model, preprocessing, validation, progress, cancellation);
        return new(
            [
                KeyValuePair.Create("top1", LastEvaluation.Top1), KeyValuePair.Create("top5", LastEvaluation.Top5),
                KeyValuePair.Create("correct", (double)LastEvaluation.Correct), KeyValuePair.Create("total", (double)LastEvaluation.Total),
            ],
            "top1");
    }

    private static string Names(ClassificationDataset dataset) =>
        string.Join(", ", dataset.Categories.Select(category => $"{category.Id} {category.Name}"));
}
