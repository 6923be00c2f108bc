using TorchSharp;
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
public sealed class SegmenterTraining : TrainingSession<SegmentationDataset, SegmentationMetrics>
{
    private readonly Segmenter network;
    private readonly SegmenterTrainingOptions options;

    private SegmenterTraining(
        string model, DataSplits<SegmentationDataset> data, SegmenterTrainingOptions options, TrainerOptions recipe, LoaderOptions loader,
        SegmenterOptions networkOptions, (int Width, int Height) window, Segmenter network, string origin)
        : base(model, data, recipe, loader, options.ComputeDevice, origin)
    {
        this.network = network;
        this.options = options;
        Network = networkOptions;
        Window = window;
    }

    /// <summary>How the network is built.</summary>
    public SegmenterOptions Network { get; }

    /// <summary>The size that training images are cut to, in pixels.</summary>
    public (int Width, int Height) Window { get; }

    /// <summary>Trains a segmenter to the end, or until it is canceled.</summary>
    /// <param name="model">A name of <see cref="SegmenterCatalog"/>, such as <c>deeplabv3_resnet50</c>.</param>
    /// <param name="data">What to learn from and to measure on.</param>
    /// <param name="options">How; the model's defaults if null.</param>
    /// <param name="progress">Is told of every step; null writes lines to the console.</param>
    /// <param name="cancellation">Stops the training after the step at hand; it can be resumed.</param>
    /// <exception cref="InputException">A name, an option, the data or the weights cannot be used; the message says what to do.</exception>
    public static TrainingOutcome<SegmentationMetrics> Run(
        string model, DataSplits<SegmentationDataset> data, SegmenterTrainingOptions? options = null, ITrainingProgress? progress = null,
            CancellationToken cancellation = default)
    {
        using SegmenterTraining training = Prepare(model, data, options, cancellation);
        return training.Start(progress, cancellation);
    }

    /// <summary>Makes everything ready, so that it can be shown before it is started; the
    /// parameters are those of <see cref="Run"/>.</summary>
    /// <exception cref="InputException">A name, an option, the data or the weights cannot be used; the message says what to do.</exception>
    public static SegmenterTraining Prepare(string model, DataSplits<SegmentationDataset> data, SegmenterTrainingOptions? options = null,
        CancellationToken cancellation = default)
    {
        options ??= new();
        TrainerOptions recipe = options.Recipe(model, TrainingDefaults.Segmenter);
        SegmenterOptions network = options.Network(data.Train);
        (int Width, int Height) window = SegmenterTrainingOptions.SizeAt(options.CropSize ?? options.MinSize, data.Train);
        LoaderOptions loader = new()
        {
            BatchSize = options.BatchSize ?? TrainingDefaults.Segmenter.BatchSize,
            Seed = options.Seed,
            Transform = options.Transform(data.Train, window),
            RepeatThreshold = options.RepeatThreshold,
        };
        string? weights = PublishedFile.Resolve(options.Weights, model, options.Backbone, toStartFrom: true, cancellation: cancellation);
        (Segmenter segmenter, string origin) = StartingSegmenter.Create(model, network, weights, options.Seed);
        segmenter.to(options.ComputeDevice);
        return new(model, data, options, recipe, loader, network, window, segmenter, origin);
    }

    /// <inheritdoc/>
    public override TrainingOutcome<SegmentationMetrics> Start(ITrainingProgress? progress = null, CancellationToken cancellation = default)
    {
        SegmentationLoader loader = new(Data.Train, Loader);
        SegmenterDescription description = new()
        {
            Model = Model, Categories = Data.Train.Categories, Options = Network, ShorterSide = options.MinSize, Colors = Data.Train.Colors,
        };
        SegmentationLoss loss = options.Loss ?? new WeightedLosses([(new CrossEntropy(), 1), (new LovaszSoftmax(), 1)]);
        SegmentationTask task = new(network, loader, Data.Validation, description, loss);
        return Train(task, loader.Report, () => task.LastEvaluation,
            metrics => RunPlots.Write(Files, metrics, new SegmentationPainter(Data.Train.Categories, Data.Train.Colors), options.PlotFolder
                ?? Recipe.Folder), progress, cancellation);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        network.Dispose();
        base.Dispose();
    }
}
