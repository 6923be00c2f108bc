using Vision.Data;
using Vision.Evaluation;
using Vision.Segmentation;
using Vision.Visualization;

namespace Vision.Training;

/// <summary>Trains a segmenter.</summary>
/// <example><code>
/// var data = SegmentationData.Open("camvid");
/// var run = SegmenterTraining.Run("deeplabv3_resnet18", data);
/// using var segmenter = TrainedSegmenter.Load(run.Best);
/// </code></example>
public sealed class SegmenterTraining : TrainingSession<SegmentationDataset, SegmentationBatch, SegmentationMetrics>
{
    private readonly Segmenter network;
    private readonly SegmenterTrainingOptions options;
    private readonly SegmentationLoss loss;

    private SegmenterTraining(string model, DataSplits<SegmentationDataset> data, SegmenterTrainingOptions options, TrainerOptions recipe,
        LoaderOptions loader, (int Width, int Height) window, Segmenter network, SegmenterOptions networkOptions, string origin)
        : base(model, data, options, recipe, loader, network, origin)
    {
        this.network = network;
        this.options = options;
        loss = options.Loss ?? SegmentationLossCatalog.Create(SegmentationLossCatalog.Default);
        Network = networkOptions;
        Window = window;
    }

    /// <summary>How the network is built.</summary>
    public SegmenterOptions Network { get; }

    /// <summary>The crop size of training images, in pixels.</summary>
    public (int Width, int Height) Window { get; }

    /// <summary>Trains a segmenter to the end, or until it is canceled.</summary>
    /// <param name="model">A name of <see cref="SegmenterCatalog"/>, such as <c>deeplabv3_resnet50</c>.</param>
    /// <param name="data">The training and validation images.</param>
    /// <param name="options">The options; null for the model's defaults.</param>
    /// <param name="progress">Shows the progress; null to write lines to the console.</param>
    /// <param name="cancellation">Stops training after the current step; it can be resumed.</param>
    /// <exception cref="InputException">A name, an option, the data or the weights cannot be used;
    /// the message tells what to do.</exception>
    public static TrainingOutcome<SegmentationMetrics> Run(
        string model, DataSplits<SegmentationDataset> data, SegmenterTrainingOptions? options = null,
        TrainingCallback? progress = null, CancellationToken cancellation = default)
    {
        using SegmenterTraining training = Prepare(model, data, options, cancellation);
        return training.Start(progress, cancellation);
    }

    /// <summary>Prepares a training run, so that its settings can be displayed before it starts; the parameters are those of
    /// <see cref="Run"/>.</summary>
    /// <exception cref="InputException">A name, an option, the data or the weights cannot be used;
    /// the message tells what to do.</exception>
    public static SegmenterTraining Prepare(string model, DataSplits<SegmentationDataset> data, SegmenterTrainingOptions? options = null,
        CancellationToken cancellation = default)
    {
        options ??= new();
        TrainerOptions recipe = options.Recipe(model, TrainingDefaults.Segmenter);
        SegmenterOptions network = options.Network(data.Train);
        (int Width, int Height) window = SegmenterTrainingOptions.SizeAt(options.CropSize ?? options.MinSize, data.Train);
        LoaderOptions loader = options.LoaderOptions(TrainingDefaults.Segmenter, options.Transform(data.Train, window));
        string? weights = PublishedFile.Resolve(options.Weights, model, options.Backbone, toStartFrom: true, cancellation: cancellation);
        (Segmenter segmenter, string origin) = StartingSegmenter.Create(model, network, weights, options.Seed);
        return new(model, data, options, recipe, loader, window, segmenter, network, origin);
    }

    private protected override DataSplits<SegmentationDataset> Few => FewImages.Of(Data);

    private protected override void Draw(RunFolder run, SegmentationMetrics metrics, string folder) =>
        RunPlots.Write(run, metrics, new SegmentationPainter(Data.Train.Categories, Data.Train.Colors), folder);

    private protected override void Load(string weights) => TrainedSegmenter.Load(weights).Dispose();

    private protected override IReadOnlyDictionary<string, OptionValue> NetworkChanges => Vision.Training.NetworkChanges.Between(
        (options with { Configure = null }).Network(Data.Train), options.Network(Data.Train));

    private protected override object? Chosen(string option) =>
        option == nameof(SegmenterTrainingOptions.Loss) ? loss : base.Chosen(option);

    private protected override SegmentationTask Task(DataSplits<SegmentationDataset> data, LoaderOptions loader)
    {
        SegmenterDescription description = new()
        {
            Model = Model, Categories = Data.Train.Categories, Options = Network, ShorterSide = options.MinSize, Colors = Data.Train.Colors,
        };
        return new(network, new(data.Train, loader), data.Validation, description, loss)
        {
            Settings = Settings, Loaded = LoadedImages.Any(Window),
        };
    }
}
