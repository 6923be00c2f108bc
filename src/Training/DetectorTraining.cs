using TorchSharp;
using Vision.Data;
using Vision.Detection;
using Vision.Evaluation;

namespace Vision.Training;

/// <summary>Trains a detector.</summary>
/// <example><code>
/// var data = DetectionData.Open("photos");
/// var run = DetectorTraining.Run("fasterrcnn_resnet18_fpn", data);
/// using var detector = TrainedDetector.Load(run.Best);
/// </code></example>
public sealed class DetectorTraining : TrainingSession<DetectionDataset, DetectionMetrics>
{
    private readonly Detector network;
    private readonly ISampleMixing? mixing;
    private readonly string? plotFolder;

    private DetectorTraining(
        string model, DataSplits<DetectionDataset> data, DetectorTrainingOptions options, TrainerOptions recipe, LoaderOptions loader,
            ISampleMixing? mixing,
        DetectorOptions networkOptions, Detector network, string origin) : base(model, data, recipe, loader, options.ComputeDevice, origin)
    {
        this.network = network;
        this.mixing = mixing;
        plotFolder = options.PlotFolder;
        Network = networkOptions;
    }

    /// <summary>How the network is built.</summary>
    public DetectorOptions Network { get; }

    /// <summary>Trains a detector to the end, or until it is canceled.</summary>
    /// <param name="model">A name of <see cref="DetectorCatalog"/>, such as <c>fasterrcnn_resnet50_fpn</c>.</param>
    /// <param name="data">What to learn from and to measure on.</param>
    /// <param name="options">How; the model's defaults if null.</param>
    /// <param name="progress">Is told of every step; null writes lines to the console.</param>
    /// <param name="cancellation">Stops the training after the step at hand; it can be resumed.</param>
    /// <exception cref="InputException">A name, an option, the data or the weights cannot be used; the message says what to do.</exception>
    public static TrainingOutcome<DetectionMetrics> Run(
        string model, DataSplits<DetectionDataset> data, DetectorTrainingOptions? options = null, ITrainingProgress? progress = null,
            CancellationToken cancellation = default)
    {
        using DetectorTraining training = Prepare(model, data, options, cancellation);
        return training.Start(progress, cancellation);
    }

    /// <summary>Makes everything ready, so that it can be shown before it is started; the
    /// parameters are those of <see cref="Run"/>.</summary>
    /// <exception cref="InputException">A name, an option, the data or the weights cannot be used; the message says what to do.</exception>
    public static DetectorTraining Prepare(string model, DataSplits<DetectionDataset> data, DetectorTrainingOptions? options = null,
        CancellationToken cancellation = default)
    {
        options ??= new();
        TrainingDefaults defaults = DetectorCatalog.ArchitectureOf(model).LearnsWithAdamW
            ? TrainingDefaults.Transformer : TrainingDefaults.Detector;
        TrainerOptions recipe = options.Recipe(model, defaults);
        DetectorOptions network = options.Network(model, data.Train);
        Augmentation augmentation = Augmentation.Of(options.Augmentation, options.Flip, options.ColorJitter, network.MinSize, data.Train);
        string? weights = PublishedFile.Resolve(options.Weights, model, options.Backbone, toStartFrom: true, cancellation: cancellation);
        (Detector detector, network, string origin) = StartingDetector.Create(model, network, weights, options.Seed);
        detector.to(options.ComputeDevice);
        LoaderOptions loader = new()
        {
            BatchSize = options.BatchSize ?? defaults.BatchSize,
            Seed = options.Seed,
            Transform = augmentation.Transform,
            RepeatThreshold = options.RepeatThreshold,
        };
        return new(model, data, options, recipe, loader, augmentation.Mixing, network, detector, origin);
    }

    /// <inheritdoc/>
    public override TrainingOutcome<DetectionMetrics> Start(ITrainingProgress? progress = null, CancellationToken cancellation = default)
    {
        DetectionLoader loader = new(Data.Train, Loader, mixing);
        DetectionTask task = new(network, loader, Data.Validation,
            new DetectorDescription { Model = Model, Categories = Data.Train.Categories, Options = Network }.ToMetadata());
        return Train(task, loader.Report, () => task.LastEvaluation, metrics => RunPlots.Write(Files, metrics, plotFolder ?? Recipe.Folder),
            progress, cancellation);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        network.Dispose();
        base.Dispose();
    }
}
