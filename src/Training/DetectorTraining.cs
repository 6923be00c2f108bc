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
public sealed class DetectorTraining : TrainingSession<DetectionDataset, DetectionBatch, DetectionMetrics>
{
    private readonly Detector network;
    private readonly ISampleMixing? mixing;
    private readonly DetectorTrainingOptions options;
    private readonly DetectorOptions usual;             // without what Configure changes

    private DetectorTraining(string model, DataSplits<DetectionDataset> data, DetectorTrainingOptions options, TrainerOptions recipe,
        LoaderOptions loader, ISampleMixing? mixing, Detector network, DetectorOptions networkOptions, string origin)
        : base(model, data, options, recipe, loader, network, origin)
    {
        this.network = network;
        this.mixing = mixing;
        this.options = options;
        usual = (options with { Configure = null }).Network(model, data.Train);
        Network = networkOptions;
    }

    /// <summary>How the network is built.</summary>
    public DetectorOptions Network { get; }

    /// <summary>Trains a detector to the end, or until it is canceled.</summary>
    /// <param name="model">A name of <see cref="DetectorCatalog"/>, such as <c>fasterrcnn_resnet50_fpn</c>.</param>
    /// <param name="data">The training and validation images.</param>
    /// <param name="options">The options; null for the model's defaults.</param>
    /// <param name="progress">Shows the progress; null to write lines to the console.</param>
    /// <param name="cancellation">Stops training after the current step; it can be resumed.</param>
    /// <exception cref="InputException">A name, an option, the data or the weights cannot be used;
    /// the message tells what to do.</exception>
    public static TrainingOutcome<DetectionMetrics> Run(
        string model, DataSplits<DetectionDataset> data, DetectorTrainingOptions? options = null, TrainingCallback? progress = null,
        CancellationToken cancellation = default)
    {
        using DetectorTraining training = Prepare(model, data, options, cancellation);
        return training.Start(progress, cancellation);
    }

    /// <summary>Prepares a training run, so that its settings can be displayed before it starts; the parameters are those of
    /// <see cref="Run"/>.</summary>
    /// <exception cref="InputException">A name, an option, the data or the weights cannot be used;
    /// the message tells what to do.</exception>
    public static DetectorTraining Prepare(string model, DataSplits<DetectionDataset> data, DetectorTrainingOptions? options = null,
        CancellationToken cancellation = default)
    {
        options ??= new();
        TrainingDefaults defaults = DetectorCatalog.ArchitectureOf(model).PrefersAdamW
            ? TrainingDefaults.Transformer : TrainingDefaults.Detector;
        TrainerOptions recipe = options.Recipe(model, defaults);
        DetectorOptions network = options.Network(model, data.Train);
        Augmentation augmentation = Augmentation.Of(options.Augmentation, options.Flip, options.ColorJitter, network.MinSize, data.Train);
        string? weights = PublishedFile.Resolve(options.Weights, model, options.Backbone, toStartFrom: true, cancellation: cancellation);
        (Detector detector, network, string origin) = StartingDetector.Create(model, network, weights, options.Seed, options.FreezeStages);
        LoaderOptions loader = options.LoaderOptions(defaults, augmentation.Transform);
        return new(model, data, options, recipe, loader, augmentation.Mixing, detector, network, origin);
    }

    private protected override DataSplits<DetectionDataset> Few => FewImages.Of(Data);

    private protected override void Draw(RunFolder run, DetectionMetrics metrics, string folder) => RunPlots.Write(run, metrics, folder);

    private protected override void Load(string weights) => TrainedDetector.Load(weights).Dispose();

    private protected override IReadOnlyDictionary<string, OptionValue> NetworkChanges =>
        Vision.Training.NetworkChanges.Between(usual, options.Network(Model, Data.Train));

    private protected override object? Chosen(string option) => option switch
    {
        nameof(DetectorTrainingOptions.MinSize) => usual.MinSize,
        nameof(DetectorTrainingOptions.MaxSize) => usual.MaxSize,
        _ => base.Chosen(option),
    };

    private protected override DetectionTask Task(DataSplits<DetectionDataset> data, LoaderOptions loader)
    {
        DetectorDescription description = new() { Model = Model, Categories = Data.Train.Categories, Options = Network };
        return new(network, new(data.Train, loader, mixing), data.Validation, description)
        {
            Settings = Settings, Loaded = Augmentation.Loaded(options.Augmentation, Network, data.Train),
            MixedImages = Augmentation.MixedImages(options.Augmentation),
        };
    }
}
