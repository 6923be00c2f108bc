using TorchSharp;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>
/// A training that is ready to start: the network with its first weights, the batches and the recipe. Nothing has been written yet; the
/// folder of a run that nobody named is there, and goes again where it stays empty.
/// </summary>
/// <typeparam name="TDataset">What the model learns from.</typeparam>
/// <typeparam name="TMetrics">The figures of the model's kind.</typeparam>
public abstract class TrainingSession<TDataset, TMetrics> : IDisposable where TDataset : IDataset where TMetrics : class
{
    private readonly NumberedFolder? numbered;

    private protected TrainingSession(string model, DataSplits<TDataset> data, TrainerOptions recipe, LoaderOptions loader, Device device,
        string weightsOrigin)
    {
        Model = model;
        Data = data;
        numbered = recipe.Folder.Length == 0 ? RunFolder.CreateFor(model) : null;
        Recipe = numbered is null ? recipe : recipe with { Folder = numbered.Path };
        Loader = loader;
        Device = device;
        WeightsOrigin = weightsOrigin;
    }

    /// <summary>The model's name.</summary>
    public string Model { get; }

    /// <summary>The images to learn from and to measure on.</summary>
    public DataSplits<TDataset> Data { get; }

    /// <summary>How it is trained.</summary>
    public TrainerOptions Recipe { get; }

    /// <summary>How batches are made.</summary>
    public LoaderOptions Loader { get; }

    /// <summary>Where it is computed.</summary>
    public Device Device { get; }

    /// <summary>Where the first weights come from, such as "from scratch", for a person to read.</summary>
    public string WeightsOrigin { get; }

    /// <summary>The files of the run.</summary>
    public RunFolder Files => RunFolder.At(Recipe.Folder);

    /// <summary>Trains to the end, or until it is canceled, and draws the plots of a finished run.</summary>
    /// <param name="progress">Is told of every step; null writes lines to the console.</param>
    /// <param name="cancellation">Stops the training after the step at hand; it can be resumed.</param>
    /// <exception cref="InputException">The folder holds another run, a loss is not finite,
    /// or the checkpoint is not of this run.</exception>
    public abstract TrainingOutcome<TMetrics> Start(ITrainingProgress? progress = null, CancellationToken cancellation = default);

    /// <summary>Frees the network.</summary>
    public virtual void Dispose() => numbered?.Dispose();

    private protected TrainingOutcome<TMetrics> Train<TBatch>(
        ITrainingTask<TBatch> task, DatasetReport loading, Func<TMetrics?> metrics, Action<TMetrics> draw, ITrainingProgress? progress,
            CancellationToken cancellation)
        where TBatch : IDisposable
    {
        TrainingResult result = new Trainer<TBatch>(task, Recipe, progress ?? new ConsoleProgress()).Run(cancellation);
        if (result.Finished && metrics() is { } last) draw(last);
        return new() { Finished = result.Finished, Files = Files, Metrics = metrics(), UnreadableImages = loading.Summary };
    }
}
