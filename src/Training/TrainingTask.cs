using TorchSharp.Modules;
using Vision.Backbones;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>Training of a model on one data set, evaluated on another: the base of the tasks of all kinds of models.</summary>
/// <typeparam name="TDataset">The type of the training and validation data.</typeparam>
/// <typeparam name="TBatch">The type of its batches.</typeparam>
/// <typeparam name="TMetrics">The metrics of the kind of model.</typeparam>
public abstract class TrainingTask<TDataset, TBatch, TMetrics> : IProbedTask<TBatch>
    where TDataset : IDataset where TBatch : class, IDisposable where TMetrics : class
{
    /// <summary>Checks that the two data sets match.</summary>
    /// <exception cref="InputException">Their classes differ, or there are no validation images.</exception>
    private protected TrainingTask(nn.Module model, BatchLoader<TDataset, TBatch> training, TDataset validation,
        ModelDescription description)
    {
        if (!training.Dataset.Categories.SequenceEqual(validation.Categories))
            throw new InputException(
                $"{training.Dataset.Name} has the classes {Names(training.Dataset)}, but {validation.Name} has {Names(validation)}: read " +
                    "both with the same list of classes.");
        ProcessGroup group = ProcessGroup.Current;
        if (group.Size > 1 && training.Part != new LoaderPart(group.Rank, group.Size))
            throw new ArgumentException(
                $"{group.Size} processes train together, but the loader has another part than this one's: set " +
                    $"{nameof(LoaderOptions.Part)}.",
                nameof(training));
        if (validation.Count == 0) throw new InputException($"{validation.Name} has no images to validate on.");
        Model = model;
        Training = training;
        Validation = validation;
        Description = description.ToMetadata();
    }

    /// <summary>The training batches.</summary>
    public BatchLoader<TDataset, TBatch> Training { get; }

    /// <summary>The validation images.</summary>
    public TDataset Validation { get; }

    /// <summary>The complete result of the last evaluation; null before the first, and in all processes but the first.</summary>
    public TMetrics? LastEvaluation { get; private set; }

    /// <inheritdoc/>
    public nn.Module Model { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Description { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public int StepsPerEpoch => Training.BatchCount;

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<Parameter>> BackboneStages
    {
        get
        {
            Parameter[][] stages = [.. Backbone.Stages.Select((_, stage) => Backbone.StageParameters(stage).ToArray())];
            HashSet<IntPtr> known = [.. stages.SelectMany(stage => stage).Select(parameter => parameter.Handle)];
            // Some families have a norm or a layer after the last stage.
            stages[^1] = [.. stages[^1], .. BackboneParameters.Where(parameter => !known.Contains(parameter.Handle))];
            return stages;
        }
    }

    /// <summary>The backbone, or the classifier as a whole.</summary>
    private protected abstract Backbone Backbone { get; }

    /// <summary>All parameters but those of the last layers.</summary>
    private protected virtual IEnumerable<Parameter> BackboneParameters => Backbone.parameters();

    /// <inheritdoc/>
    public IEnumerable<TBatch> Batches(int epoch, int skip) => Training.Epoch(epoch, skip);

    /// <inheritdoc/>
    public abstract Losses ComputeLosses(TBatch batch);

    /// <inheritdoc/>
    public abstract BatchInfo Describe(TBatch batch);

    /// <inheritdoc/>
    public ValidationResult Evaluate(Action<int, int> progress, CancellationToken cancellation)
    {
        LastEvaluation = Measure(Validation, progress, cancellation);
        return SharedEvaluation.FromFirst(ProcessGroup.Current, LastEvaluation is null ? null : Summarize(LastEvaluation));
    }

    /// <summary>Evaluates the model on validation images, each process its part; null in all processes but the first.</summary>
    private protected abstract TMetrics? Measure(TDataset data, Action<int, int> progress, CancellationToken cancellation);

    /// <summary>The metrics to log, and which of them determines the best epoch.</summary>
    private protected abstract ValidationResult Summarize(TMetrics metrics);

    /// <summary>As <see cref="IProbedTask{TBatch}.LeastImages"/>.</summary>
    private protected virtual int LeastImages => 1;

    /// <summary>As <see cref="IProbedTask{TBatch}.LargestSize"/>.</summary>
    private protected abstract (int Width, int Height) LargestSize { get; }

    /// <summary>As <see cref="IProbedTask{TBatch}.Example"/>.</summary>
    private protected abstract TBatch Example(int images);

    /// <summary>As <see cref="IProbedTask{TBatch}.LargestSeed"/>.</summary>
    private protected virtual long LargestSeed(int images) => 0;

    /// <summary>How training images are loaded.</summary>
    private protected abstract LoadedImages Images { get; }

    /// <summary>The part of <see cref="Validation"/> that needs the most memory.</summary>
    private protected abstract TDataset LargestValidation { get; }

    int IProbedTask<TBatch>.LeastImages => LeastImages;

    (int Width, int Height) IProbedTask<TBatch>.LargestSize => LargestSize;

    TBatch IProbedTask<TBatch>.Example(int images) => Example(images);

    long IProbedTask<TBatch>.LargestSeed(int images) => LargestSeed(images);

    long IProbedTask<TBatch>.BytesAhead(int batchSize) => Images.BytesAhead(batchSize);

    void IProbedTask<TBatch>.EvaluateLargest(CancellationToken cancellation) => Measure(LargestValidation, (_, _) => { }, cancellation);

    private static string Names(TDataset dataset) =>
        string.Join(", ", dataset.Categories.Select(category => $"{category.Id} {category.Name}"));
}
