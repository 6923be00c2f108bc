using TorchSharp;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>
/// A training run that is ready to start: the network with its initial weights, the batches and the recipe. Nothing has been written yet; a
/// default folder has been created and is deleted if it stays empty.
/// </summary>
/// <typeparam name="TDataset">The type of the data set.</typeparam>
/// <typeparam name="TMetrics">The metrics of the kind of model.</typeparam>
public abstract class TrainingSession<TDataset, TMetrics> : IDisposable where TDataset : IDataset where TMetrics : class
{
    private readonly TrainingOptions options;
    private readonly nn.Module network;
    private readonly NumberedFolder? numbered;

    private protected TrainingSession(string model, DataSplits<TDataset> data, TrainingOptions options, TrainerOptions recipe,
        LoaderOptions loader, nn.Module network, string weightsOrigin)
    {
        this.options = options;
        this.network = network.to(options.ComputeDevice);
        Model = model;
        Data = data;
        numbered = recipe.Folder.Length == 0 ? RunFolder.CreateFor(model) : null;
        Recipe = numbered is null ? recipe : recipe with { Folder = numbered.Path };
        Loader = loader;
        WeightsOrigin = weightsOrigin;
    }

    /// <summary>The model's name.</summary>
    public string Model { get; }

    /// <summary>The training and validation images.</summary>
    public DataSplits<TDataset> Data { get; }

    /// <summary>How it is trained.</summary>
    public TrainerOptions Recipe { get; }

    /// <summary>How batches are loaded.</summary>
    public LoaderOptions Loader { get; }

    /// <summary>The device to compute on.</summary>
    public Device Device => options.ComputeDevice;

    /// <summary>Where the initial weights come from, as readable text such as "from scratch".</summary>
    public string WeightsOrigin { get; }

    /// <summary>The files of the run.</summary>
    public RunFolder Files => RunFolder.At(Recipe.Folder);

    /// <summary>The options that a resumed run must share with the first one, besides the network's and the trainer's.</summary>
    private protected IReadOnlyDictionary<string, string> Settings => options.Settings(Loader);

    /// <summary>The folder for the plots of a finished run.</summary>
    private protected string PlotFolder => options.PlotFolder ?? Recipe.Folder;

    /// <summary>Trains to the end, or until it is canceled, and draws the plots of a finished run.</summary>
    /// <param name="progress">Shows the progress; null to write lines to the console.</param>
    /// <param name="cancellation">Stops training after the current step; it can be resumed.</param>
    /// <exception cref="InputException">The folder holds another run, a loss is not finite,
    /// or the checkpoint does not belong to this run.</exception>
    public abstract TrainingOutcome<TMetrics> Start(TrainingCallback? progress = null, CancellationToken cancellation = default);

    /// <summary>Frees the network.</summary>
    public void Dispose()
    {
        network.Dispose();
        numbered?.Dispose();
    }

    private protected TrainingOutcome<TMetrics> Train<TBatch>(TrainingTask<TDataset, TBatch, TMetrics> task, Action<TMetrics> draw,
        TrainingCallback? progress, CancellationToken cancellation) where TBatch : class, IDisposable
    {
        TrainingCallback[] callbacks = [progress ?? new ConsoleProgress(), .. options.Callbacks];
        TrainingResult result = new Trainer<TBatch>(task, Recipe, callbacks).Run(cancellation);
        if (result.Finished && task.LastEvaluation is { } last) draw(last);
        return new()
        {
            Finished = result.Finished, EndedBecause = result.EndedBecause, Files = Files, Metrics = task.LastEvaluation,
            UnreadableImages = task.Training.Report.Summary,
        };
    }
}
