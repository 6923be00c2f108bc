using TorchSharp;
using Vision.Backbones;
using Vision.Classification;
using Vision.Data;
using Vision.Evaluation;

namespace Vision.Training;

/// <summary>Trains a classifier.</summary>
/// <example><code>
/// var data = ClassificationData.Open("birds");
/// var run = ClassifierTraining.Run("resnet18", data, new() { Weights = "imagenet", BackboneRateFactor = 0.1 });
/// using var classifier = TrainedClassifier.Load(run.Best);
/// </code></example>
public sealed class ClassifierTraining : TrainingSession<ClassificationDataset, ClassificationMetrics>
{
    private readonly Backbone network;
    private readonly ClassifierTrainingOptions options;

    private ClassifierTraining(
        string model, DataSplits<ClassificationDataset> data, ClassifierTrainingOptions options, TrainerOptions recipe,
            LoaderOptions loader,
        Preprocessing preprocessing, Backbone network, string origin) : base(model, data, recipe, loader, options.ComputeDevice, origin)
    {
        this.network = network;
        this.options = options;
        Preprocessing = preprocessing;
    }

    /// <summary>What images go through.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Whether the last layer alone is trained.</summary>
    public bool IsBackboneFrozen => options.FreezeBackbone;

    /// <summary>Trains a classifier to the end, or until it is canceled.</summary>
    /// <param name="model">A name of <see cref="BackboneRegistry"/>, such as <c>resnet50</c>.</param>
    /// <param name="data">What to learn from and to measure on.</param>
    /// <param name="options">How; the model's defaults if null.</param>
    /// <param name="progress">Is told of every step; null writes lines to the console.</param>
    /// <param name="cancellation">Stops the training after the step at hand; it can be resumed.</param>
    /// <exception cref="InputException">A name, an option, the data or the weights cannot be used; the message says what to do.</exception>
    public static TrainingOutcome<ClassificationMetrics> Run(
        string model, DataSplits<ClassificationDataset> data, ClassifierTrainingOptions? options = null, ITrainingProgress? progress = null,
            CancellationToken cancellation = default)
    {
        using ClassifierTraining training = Prepare(model, data, options, cancellation);
        return training.Start(progress, cancellation);
    }

    /// <summary>Makes everything ready, so that it can be shown before it is started; the
    /// parameters are those of <see cref="Run"/>.</summary>
    /// <exception cref="InputException">A name, an option, the data or the weights cannot be used; the message says what to do.</exception>
    public static ClassifierTraining Prepare(string model, DataSplits<ClassificationDataset> data,
        ClassifierTrainingOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        TrainerOptions recipe = options.Recipe(model, TrainingDefaults.Classifier);
        string? weights = PublishedFile.Resolve(options.Weights, model, toStartFrom: true, cancellation: cancellation);
        Preprocessing preprocessing = options.Preprocessing(model, weights);
        LoaderOptions loader = new()
        {
            BatchSize = options.BatchSize ?? TrainingDefaults.Classifier.BatchSize,
            Seed = options.Seed,
            Transform = options.Transform(preprocessing),
            RepeatThreshold = options.RepeatThreshold,
        };
        (Backbone network, string origin) =
            StartingClassifier.Create(model, data.Train.Categories, weights, options.FreshHead, options.Seed);
        if (options.FreezeBackbone) ClassifierHead.FreezeBefore(network);
        network.to(options.ComputeDevice);
        return new(model, data, options, recipe, loader, preprocessing, network, origin);
    }

    /// <inheritdoc/>
    public override TrainingOutcome<ClassificationMetrics> Start(ITrainingProgress? progress = null,
        CancellationToken cancellation = default)
    {
        ClassificationLoader loader = new(Data.Train, Loader, options.Mixing());
        ClassifierDescription description = new() { Model = Model, Categories = Data.Train.Categories, Preprocessing = Preprocessing };
        ClassificationTask task = new(network, loader, Data.Validation, description, options.LabelSmoothing);
        return Train(task, loader.Report, () =>
            task.LastEvaluation, metrics => RunPlots.Write(Files, metrics, options.PlotFolder ?? Recipe.Folder), progress, cancellation);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        network.Dispose();
        base.Dispose();
    }
}
