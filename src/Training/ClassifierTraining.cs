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
public sealed class ClassifierTraining : TrainingSession<ClassificationDataset, ClassificationBatch, ClassificationMetrics>
{
    private readonly Backbone network;
    private readonly ClassifierTrainingOptions options;

    private ClassifierTraining(string model, DataSplits<ClassificationDataset> data, ClassifierTrainingOptions options,
        TrainerOptions recipe, LoaderOptions loader, Preprocessing preprocessing, Backbone network, string origin)
        : base(model, data, options, recipe, loader, network, origin)
    {
        this.network = network;
        this.options = options;
        Preprocessing = preprocessing;
    }

    /// <summary>The preprocessing of images.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Whether only the last layer is trained.</summary>
    public bool IsBackboneFrozen => options.FreezeBackbone;

    /// <summary>Trains a classifier to the end, or until it is canceled.</summary>
    /// <param name="model">A name of <see cref="BackboneRegistry"/>, such as <c>resnet50</c>.</param>
    /// <param name="data">The training and validation images.</param>
    /// <param name="options">The options; null for the model's defaults.</param>
    /// <param name="progress">Shows the progress; null to write lines to the console.</param>
    /// <param name="cancellation">Stops training after the current step; it can be resumed.</param>
    /// <exception cref="InputException">A name, an option, the data or the weights cannot be used;
    /// the message tells what to do.</exception>
    public static TrainingOutcome<ClassificationMetrics> Run(
        string model, DataSplits<ClassificationDataset> data, ClassifierTrainingOptions? options = null,
        TrainingCallback? progress = null, CancellationToken cancellation = default)
    {
        using ClassifierTraining training = Prepare(model, data, options, cancellation);
        return training.Start(progress, cancellation);
    }

    /// <summary>Prepares a training run, so that its settings can be displayed before it starts; the parameters are those of
    /// <see cref="Run"/>.</summary>
    /// <exception cref="InputException">A name, an option, the data or the weights cannot be used;
    /// the message tells what to do.</exception>
    public static ClassifierTraining Prepare(string model, DataSplits<ClassificationDataset> data,
        ClassifierTrainingOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        TrainerOptions recipe = options.Recipe(model, TrainingDefaults.Classifier);
        string? weights = PublishedFile.Resolve(options.Weights, model, toStartFrom: true, cancellation: cancellation);
        Preprocessing preprocessing = options.Preprocessing(model, weights);
        LoaderOptions loader = options.LoaderOptions(TrainingDefaults.Classifier, options.Transform(preprocessing));
        (Backbone network, string origin) =
            StartingClassifier.Create(model, data.Train.Categories, weights, options.FreshHead, options.Seed);
        if (options.FreezeBackbone) recipe = recipe with { FreezeStages = network.Stages.Count };
        return new(model, data, options, recipe, loader, preprocessing, network, origin);
    }

    private protected override DataSplits<ClassificationDataset> Few => FewImages.Of(Data);

    private protected override void Draw(RunFolder run, ClassificationMetrics metrics, string folder) => RunPlots.Write(run, metrics, folder);

    private protected override void Load(string weights) => TrainedClassifier.Load(weights).Dispose();

    private protected override object? Chosen(string option) =>
        option == nameof(ClassifierTrainingOptions.Size) ? Preprocessing.Crop : base.Chosen(option);

    private protected override ClassificationTask Task(DataSplits<ClassificationDataset> data, LoaderOptions loader)
    {
        ClassifierDescription description = new() { Model = Model, Categories = Data.Train.Categories, Preprocessing = Preprocessing };
        return new(network, new(data.Train, loader, options.Mixing()), data.Validation, description, options.LabelSmoothing)
        {
            Settings = Settings,
        };
    }
}
