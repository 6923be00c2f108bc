using System.Text;
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
        ProcessGroup group = ProcessGroup.Current;
        if (group.Size > 1 && options.ComputeDevice.type != DeviceType.CPU)
            throw new InputException(
                $"{group.Size} processes cannot train on GPUs together yet: choose the CPU as device, or train with a single process.");
        this.options = options;
        this.network = network.to(options.ComputeDevice);
        Model = model;
        Data = data;
        numbered = recipe.Folder.Length == 0 && group.IsFirst ? RunFolder.CreateFor(model) : null;
        // The others may see another folder in the meantime, or none.
        Recipe = recipe with { Folder = group.FromFirst(numbered?.Path ?? recipe.Folder) };
        Loader = group.Size == 1 ? loader
            : loader with { Part = new(group.Rank, group.Size), Workers = CoreShare.Count(group) };
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
            UnreadableImages = Unreadable(task.Training.Report.Summary),
        };
    }

    /// <summary>What the processes report of images that they could not read.</summary>
    private static string Unreadable(string own)
    {
        ProcessGroup group = ProcessGroup.Current;
        if (group.Size == 1) return own;
        string[] all = [.. group.Gather(Encoding.UTF8.GetBytes(own.Length == 0 ? "" : $"rank {group.Rank} on {group.Host}: {own}"))
            .Select(Encoding.UTF8.GetString)];
        return string.Join("; ", all.Where(text => text.Length > 0));
    }
}
